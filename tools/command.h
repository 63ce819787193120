// What the subcommands of the command line share.
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

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

/// A check for the value of an option: a finite number of type T from `least` to `most`.
template <class T>
CLI::Validator number_from(T least, T most = std::numeric_limits<T>::max()) {
  const auto check = [least, most](const std::string& text) -> std::string {
    T value = {};
    const char* const end = text.data() + text.size();
    const auto [after, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && after == end && value >= least && value <= most) return "";
    const std::string range = most == std::numeric_limits<T>::max() ? fmt::format("of at least {}", least)
                                                                    : fmt::format("from {} to {}", least, most);
    return fmt::format("expected a {} {}, got '{}'", std::is_integral_v<T> ? "whole number" : "number", range, text);
  };
  return CLI::Validator(check, "");
}

/// Each adds its subcommand, and sets `job` to what it does once the command line is understood.
using Job = std::function<ExitCode()>;
void add_run(CLI::App& app, Job& job);
void add_verify(CLI::App& app, Job& job);
void add_summary(CLI::App& app, Job& job);
void add_check(CLI::App& app, Job& job);
void add_bench(CLI::App& app, Job& job);
void add_graph(CLI::App& app, Job& job);
void add_health(CLI::App& app, Job& job);
void add_ops(CLI::App& app, Job& job);
void add_completion(CLI::App& app, Job& job);

}  // namespace ranvier::tools
