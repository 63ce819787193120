// Commands as CLI11 reads them: the only file that includes it.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "tools/command.h"

namespace ranvier::tools {
namespace {

void add_option(CLI::App& command, const Option& option) {
  const auto add = [&]<class T>(T* destination) -> CLI::Option* {
    if constexpr (std::is_same_v<T, bool>)
      return command.add_flag(option.names, *destination, option.help);
    else
      return command.add_option(option.names, *destination, option.help);
  };
  CLI::Option* const added = std::visit(add, option.destination);
  if (option.check) added->check(CLI::Validator(option.check->complaint, option.check->values));
  if (added->get_positional()) {
    added->required();
  } else if (std::holds_alternative<std::vector<std::string>*>(option.destination)) {
    added->allow_extra_args(false);  // one value each time
  }
}

/// What is wrong with the first word, which CLI11 would not say.
std::optional<std::string> complaint(const Program& program, const CLI::App& app, int count,
                                     const char* const* arguments) {
  std::vector<std::string> names;
  for (const Command& command : program.commands) names.push_back(command.name);
  const std::string expected =
      fmt::format("expected one of {} ({} --help explains)", fmt::join(names, ", "), program.name);
  if (count < 2) return "a command is missing: " + expected;
  const std::string word = arguments[1];
  if (word.starts_with("-")) {
    if (app.get_option_no_throw(word) != nullptr) return std::nullopt;
    return fmt::format("there is no option '{}' before the command ({} --help explains)", word, program.name);
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
  std::string command = app.get_name();
  for (const CLI::App* sub : app.get_subcommands()) command += " " + sub->get_name();
  give_up(usage, "{} ({} --help explains)", error.what(), command);
}

}  // namespace

Check one_of(std::initializer_list<std::string_view> words) {
  const std::string values = fmt::format("{{{}}}", fmt::join(words, ","));
  const auto complaint =
      [values, known = std::vector<std::string>(words.begin(), words.end())](const std::string& word) -> std::string {
    if (std::find(known.begin(), known.end(), word) != known.end()) return "";
    return fmt::format("{} not in {}", word, values);
  };
  return {complaint, values};
}

ExitCode run_program(const Program& program, int count, const char* const* arguments) {
  CLI::App app(program.about, program.name);
  app.set_version_flag("--version", program.name + " " + program.version);
  app.require_subcommand(1);
  app.footer(program.help);
  const std::function<ExitCode()>* job = nullptr;
  for (const Command& command : program.commands) {
    CLI::App* const added = app.add_subcommand(command.name, command.about);
    added->footer(command.help);
    for (const Option& option : command.options) add_option(*added, option);
    added->callback([&] { job = &command.job; });
  }
  if (const auto wrong = complaint(program, app, count, arguments)) give_up(usage, "{}", *wrong);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return report(app, error);
  }
  return (*job)();
}

}  // namespace ranvier::tools
