// What the subcommands of the command line share.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ranvier/model.h"
#include "runtime/core/error.h"
#include "runtime/loader/loader.h"

namespace ranvier::tools {

/// What a process answers. The numbers are a promise.
enum ExitCode {
  good = 0,
  check_failed = 1,  ///< `verify` found a wrong output, or a condition of `health --fail-on` holds.
  usage = 2,         ///< The command line itself.
  bad_model = 3,     ///< A model that cannot be read, is invalid or asks for something unsupported.
  bad_input = 4,     ///< Data that cannot be read, does not fit, or outputs that cannot be written.
  bug = 5,           ///< An error in Ranvier.
};

/// An error that decides the exit code itself.
class Failure : public std::runtime_error {
 public:
  Failure(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

/// @throws Failure.
template <class... Args>
[[noreturn]] void give_up(ExitCode code, fmt::format_string<Args...> format, Args&&... args) {
  throw Failure(code, fmt::format(format, std::forward<Args>(args)...));
}

/// The exit code for an error that does not come from loading a model.
ExitCode exit_code(ErrorCode code);

/// Loads a model; whatever is wrong with it is the model's fault. @throws Failure bad_model.
Model load_model(const std::string& file, const ModelOptions& options = {});

/// The same before anything is made of it, supported or not. @throws Failure bad_model.
loader::LoadedModel load_file(const std::string& file);

/// Writes one line to standard error. Control characters are spelled out; what cannot be written is lost.
void note(const std::string& message) noexcept;

/// Writes to standard output, control characters spelled out. @throws Failure bad_input where that fails.
void write_output(std::string_view text);
/// Hands on what write_output() has buffered. @throws Failure bad_input.
void flush_output();

/// What a value of an option has to be.
struct Check {
  /// What is wrong with a value, "" if nothing is.
  std::function<std::string(const std::string& value)> complaint;
  /// The possible values as the help shows them: "{a,b}".
  std::string values;
};

/// A finite number of type T from `least` to `most`.
template <class T>
Check number_from(T least, T most = std::numeric_limits<T>::max()) {
  const auto complaint = [least, most](const std::string& text) -> std::string {
    T value = {};
    const char* const end = text.data() + text.size();
    const auto [after, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && after == end && value >= least && value <= most) return "";
    const std::string range = most == std::numeric_limits<T>::max() ? fmt::format("of at least {}", least)
                                                                    : fmt::format("from {} to {}", least, most);
    return fmt::format("expected a {} {}, got '{}'", std::is_integral_v<T> ? "whole number" : "number", range, text);
  };
  return {complaint, ""};
}

/// One of these words.
Check one_of(std::initializer_list<std::string_view> words);

/// Where the value of an option goes. That of a bool is a flag; that of a vector may be given several times.
using Destination = std::variant<bool*, int*, std::int64_t*, std::uint64_t*, double*, std::optional<double>*,
                                 std::optional<std::int64_t>*, std::optional<std::uint64_t>*, std::string*,
                                 std::optional<std::string>*, std::vector<std::string>*>;

/// An option of a command, or an argument that has to be given.
struct Option {
  std::string names;  ///< "-o,--out"; an argument's has no dash: "MODEL".
  Destination destination;
  std::string help;
  std::optional<Check> check = std::nullopt;
};

/// A subcommand. What its options' destinations point into lives as long as `job`.
struct Command {
  std::string name;
  std::string about;  ///< A line.
  std::string help;   ///< What `--help` says below the options.
  std::vector<Option> options;
  std::function<ExitCode()> job;  ///< What it does once the command line is understood.
};

Command run_command();
Command verify_command();
Command summary_command();
Command graph_command();
Command check_command();
Command bench_command();
Command profile_command();
Command health_command();
Command optimize_command();
Command ops_command();
/// The one that completes the words of `commands` and its own.
Command completion_command(const std::vector<Command>& commands);

/// The program that consists of these commands; `help` is what its own `--help` says below them.
struct Program {
  std::string name;
  std::string about;
  std::string version;
  std::string help;
  std::vector<Command> commands;
};

/// Understands a command line and does what it says; what --help and --version show goes to standard output.
/// @throws Failure usage.
ExitCode run_program(const Program& program, int count, const char* const* arguments);

}  // namespace ranvier::tools
