// The one exception type of Ranvier.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "ranvier/export.h"

namespace ranvier {

/// Whose fault an error is. The numeric values are stable.
enum class ErrorCode {
  invalid_model = 1,     ///< The file is not a valid ONNX model, or contradicts itself.
  unsupported = 2,       ///< The model is valid, but asks for something Ranvier does not do.
  invalid_argument = 3,  ///< The caller passed a wrong name, type, shape or option.
  io = 4,                ///< A file could not be opened, read or written.
  out_of_memory = 5,     ///< A buffer would exceed the memory there is, or the limit of a model or session.
  internal = 6,          ///< A bug in Ranvier.
  cancelled = 7,         ///< The caller's std::stop_token asked a run to end.
  custom_operator = 8,   ///< The caller's own operator (CustomOperator) threw, or broke its contract.
  self_test = 9,         ///< A model computes something else than the test data beside its file.
};

/// The name of a code as it is written above, "invalid_model" for instance.
RANVIER_EXPORT std::string_view name(ErrorCode code);

/// Thrown while loading, planning and checking arguments, and by Session::run; nothing else that Ranvier throws leaves
/// the library, except for std::bad_alloc of small things. `what()` goes from the outside in: file, node, then the
/// attribute or dimension, with what was expected and what was found. A plain value; copies are cheap.
class RANVIER_EXPORT Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  Error(const Error&) = default;
  Error& operator=(const Error&) = default;
  ~Error() override;

  ErrorCode code() const { return code_; }

  /// The same error with `context` and a colon before its message.
  Error within(std::string_view context) const { return Error(code_, std::string(context) + ": " + what()); }

 private:
  ErrorCode code_;
};

}  // namespace ranvier
