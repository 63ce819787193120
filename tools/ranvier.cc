// The command line.

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>

#include "tools/command.h"

namespace {

using namespace ranvier;
using namespace ranvier::tools;

constexpr const char* exit_codes =
    "Results go to standard output, everything else to standard error.\n"
    "Exit codes: 0 good, 1 a check failed, 2 usage, 3 bad or unsupported model,\n"
    "4 bad input or unwritable output, 5 an error in Ranvier itself.\n"
    "`ranvier COMMAND --help` explains a command, with examples.";

/// Usage errors in one line, like all others.
ExitCode report(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    app.exit(error);  // --help, --version
    return good;
  }
  std::string command = "ranvier";
  for (const CLI::App* sub : app.get_subcommands()) command += " " + sub->get_name();
  note(fmt::format("{} ({} --help explains)", error.what(), command));
  return usage;
}

/// A first word that is no command, which CLI11 would report as a missing one.
bool unknown_command(const CLI::App& app, const std::string& word) {
  if (word.starts_with("-")) return false;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), word) != names.end()) return false;
  note(fmt::format("there is no command '{}'; expected one of {}", word, fmt::join(names, ", ")));
  return true;
}

ExitCode run(const Job& job) {
  try {
    const ExitCode code = job();
    if (std::fflush(stdout) == 0) return code;
    note(fmt::format("standard output: cannot be written: {}", std::strerror(errno)));
    return bad_input;
  } catch (const Failure& failure) {
    note(failure.what());
    return failure.code();
  } catch (const Error& error) {
    note(error.what());
    return exit_code(error.code());
  } catch (const std::bad_alloc&) {
    note("memory ran out");
    return bad_input;
  } catch (const std::exception& error) {
    note(fmt::format("an error in Ranvier: {}", error.what()));
    return bug;
  }
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app("Runs ONNX models on CPUs.", "ranvier");
  app.set_version_flag("--version", "ranvier " RANVIER_VERSION);
  app.require_subcommand(1);
  app.footer(exit_codes);
  Job job;
  for (const auto add : {add_run, add_verify, add_summary, add_check, add_bench, add_ops, add_completion})
    add(app, job);
  if (count > 1 && unknown_command(app, arguments[1])) return usage;
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return report(app, error);
  }
  return run(job);
}
