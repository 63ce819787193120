#include "tools/command.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace ranvier::tools {
namespace {

/// The text with control characters spelled out, those that end lines aside: names in a file must not reach into the
/// terminal.
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_control = (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') || c == '\x7f';
    result += is_control ? fmt::format("\\x{:02x}", c) : std::string(1, c);
  }
  return result;
}

[[noreturn]] void output_failed() {
  give_up(bad_input, "standard output: cannot be written: {}", std::strerror(errno));
}

}  // namespace

ExitCode exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_model:
    case ErrorCode::unsupported: return bad_model;
    case ErrorCode::invalid_argument:
    case ErrorCode::io:
    case ErrorCode::out_of_memory: return bad_input;
    case ErrorCode::cancelled:
    case ErrorCode::custom_operator:
    case ErrorCode::self_test:  // which the command line never asks for
    case ErrorCode::internal: break;
  }
  return bug;
}

namespace {

template <class Function>
auto loaded(const Function& load) {
  try {
    return load();
  } catch (const Error& error) {
    throw Failure(error.code() == ErrorCode::internal ? bug : bad_model, error.what());
  }
}

}  // namespace

Model load_model(const std::string& file, const ModelOptions& options) {
  return loaded([&] { return Model::load(file, options); });
}

loader::LoadedModel load_file(const std::string& file) {
  return loaded([&] { return loader::load_file(file); });
}

void note(const std::string& message) noexcept {
  std::string text = "ranvier: ";
  for (const char c : printable(message)) {
    text += c;
    if (c == '\n') text += "  ";  // what belongs together looks so
  }
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void write_output(std::string_view given) {
  const std::string text = printable(given);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) output_failed();
}

void flush_output() {
  if (std::fflush(stdout) != 0) output_failed();
}

}  // namespace ranvier::tools
