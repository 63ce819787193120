#include "tools/command.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace ranvier::tools {
namespace {

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
    case ErrorCode::internal: break;
  }
  return bug;
}

Model load_model(const std::string& file, const ModelOptions& options) {
  try {
    return Model::load(file, options);
  } catch (const Error& error) {
    throw Failure(error.code() == ErrorCode::internal ? bug : bad_model, error.what());
  }
}

void note(const std::string& message) noexcept {
  std::string text = "ranvier: ";
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      text += "\n  ";  // what belongs together looks so
    } else if ((byte < ' ' && c != '\t') || byte == 0x7f) {
      text += fmt::format("\\x{:02x}", byte);
    } else {
      text += c;
    }
  }
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void write_output(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) output_failed();
}

void flush_output() {
  if (std::fflush(stdout) != 0) output_failed();
}

}  // namespace ranvier::tools
