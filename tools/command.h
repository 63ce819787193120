// What the subcommands of the command line share.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "ranvier/model.h"
#include "runtime/core/error.h"

namespace ranvier::tools {

/// What a process answers. The numbers are a promise.
enum ExitCode {
  good = 0,
  check_failed = 1,  ///< `verify` found a wrong output.
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

/// Writes one line to standard error.
void note(const std::string& message);

/// Each adds its subcommand, and sets `job` to what it does once the command line is understood.
using Job = std::function<ExitCode()>;
void add_run(CLI::App& app, Job& job);
void add_verify(CLI::App& app, Job& job);
void add_summary(CLI::App& app, Job& job);
void add_check(CLI::App& app, Job& job);
void add_bench(CLI::App& app, Job& job);
void add_ops(CLI::App& app, Job& job);
void add_completion(CLI::App& app, Job& job);

}  // namespace ranvier::tools
