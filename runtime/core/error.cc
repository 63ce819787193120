#include "runtime/core/error.h"

namespace ranvier {

// Here, and in no other source, are the class' virtual table and type information.
Error::~Error() = default;

std::string_view name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_model: return "invalid_model";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::io: return "io";
    case ErrorCode::out_of_memory: return "out_of_memory";
    case ErrorCode::internal: return "internal";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::custom_operator: return "custom_operator";
    case ErrorCode::self_test: return "self_test";
  }
  return "unknown";
}

}  // namespace ranvier
