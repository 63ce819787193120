// The command line.

#include <algorithm>
#include <new>
#include <optional>
#include <sstream>

#include "tools/command.h"

namespace {

using namespace ranvier;
using namespace ranvier::tools;

constexpr const char* exit_codes =
    "Results go to standard output, everything else to standard error.\n"
    "Exit codes: 0 good, 1 a check failed, 2 usage, 3 bad or unsupported model,\n"
    "4 bad input, unwritable output or too little memory, 5 an error in Ranvier itself.\n"
    "`ranvier COMMAND --help` explains a command, with examples.";

/// What is wrong with the first word, which CLI11 would not say.
std::optional<std::string> complaint(const CLI::App& app, int count, char** arguments) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  const std::string expected = fmt::format("expected one of {} (ranvier --help explains)", fmt::join(names, ", "));
  if (count < 2) return "a command is missing: " + expected;
  const std::string word = arguments[1];
  if (word.starts_with("-")) {
    if (app.get_option_no_throw(word) != nullptr) return std::nullopt;
    return fmt::format("there is no option '{}' before the command (ranvier --help explains)", word);
  }
  if (std::find(names.begin(), names.end(), word) != names.end()) return std::nullopt;
  return fmt::format("there is no command '{}': {}", word, expected);
}

/// Usage errors in one line, like all others.
ExitCode report(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream text;
  if (app.exit(error, text, text) == static_cast<int>(CLI::ExitCodes::Success)) {  // --help, --version
    write_output(text.str());
    return good;
  }
  std::string command = "ranvier";
  for (const CLI::App* sub : app.get_subcommands()) command += " " + sub->get_name();
  note(fmt::format("{} ({} --help explains)", error.what(), command));
  return usage;
}

/// Understands the command line and does what it says.
ExitCode run(int count, char** arguments) {
  CLI::App app("Runs ONNX models on CPUs.", "ranvier");
  app.set_version_flag("--version", "ranvier " RANVIER_VERSION);
  app.require_subcommand(1);
  app.footer(exit_codes);
  Job job;
  for (const auto add :
       {add_run, add_verify, add_summary, add_graph, add_check, add_bench, add_health, add_ops, add_completion})
    add(app, job);
  if (const auto wrong = complaint(app, count, arguments)) give_up(usage, "{}", *wrong);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return report(app, error);
  }
  return job();
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const ExitCode code = run(count, arguments);
    flush_output();
    return code;
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
