// ranvier completion: what a shell needs to complete commands and options.

#include <algorithm>

#include "tools/command.h"

namespace ranvier::tools {
namespace {

constexpr const char* help =
    "Example:\n"
    "  source <(ranvier completion bash)";

/// All flags and options of a command: "-h --help -i --input ...".
std::string words_of(const Command& command) {
  std::string words = "-h --help";
  for (const Option& option : command.options) {
    if (!option.names.starts_with('-')) continue;
    words += " " + option.names;
    std::replace(words.begin(), words.end(), ',', ' ');
  }
  return words;
}

void print_bash(const std::vector<Command>& commands) {
  std::string names;
  std::string cases;
  for (const Command& command : commands) {
    names += command.name + " ";
    cases += fmt::format("      {}) words=\"{}\" ;;\n", command.name, words_of(command));
  }
  write_output(fmt::format(R"(_ranvier() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="{}-h --help --version"
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
                           names, cases));
}

}  // namespace

Command completion_command(const std::vector<Command>& commands) {
  const auto shell = std::make_shared<std::string>();
  Command command = {.name = "completion",
                     .about = "Write a script that lets a shell complete commands",
                     .help = help,
                     .options = {{"SHELL", shell.get(), "bash", one_of({"bash"})}},
                     .job = nullptr};
  std::vector<Command> all = commands;
  all.push_back(command);
  command.job = [shell, all] {
    print_bash(all);
    return good;
  };
  return command;
}

}  // namespace ranvier::tools
