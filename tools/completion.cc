// ranvier completion: what a shell needs to complete commands and options.

#include <CLI/CLI.hpp>

#include "tools/command.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Example:\n"
    "  source <(ranvier completion bash)";

/// All flags and options of a command: "-i --input ...".
std::string options_of(const CLI::App& command) {
  std::string words;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_snames()) words += " -" + name;
    for (const std::string& name : option->get_lnames()) words += " --" + name;
  }
  return words;
}

void print_bash(const CLI::App& app) {
  std::string commands;
  std::string cases;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    commands += " " + command->get_name();
    cases += fmt::format("      {}) words=\"{}\" ;;\n", command->get_name(), options_of(*command));
  }
  write_output(fmt::format(R"(_ranvier() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="{}{}"
  elif [[ $word == -* ]]; then
    case ${{COMP_WORDS[1]}} in
{}    esac
  fi
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  else
    compopt -o default
    COMPREPLY=()
  fi
}}
complete -F _ranvier ranvier
)",
                           commands, options_of(app), cases));
}

}  // namespace

void add_completion(CLI::App& app, Job& job) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "Write a script that lets a shell complete commands");
  command->footer(help);
  command->add_option("SHELL", *shell, "bash")->required()->check(CLI::IsMember({"bash"}));
  command->callback([shell, &app, &job] {
    job = [&app] {
      print_bash(app);
      return good;
    };
  });
}

}  // namespace ranvier::tools
