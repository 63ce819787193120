#include "tools/command.h"

#include <cstdio>

namespace ranvier::tools {

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

void note(const std::string& message) {
  std::string text = "ranvier: ";
  for (const char c : message) {
    text += c;
    if (c == '\n') text += "  ";  // what belongs together looks so
  }
  fmt::print(stderr, "{}\n", text);
}

}  // namespace ranvier::tools
