// Throwing ranvier::Error with a formatted message.
#pragma once

#include <fmt/format.h>

#include "ranvier/error.h"

namespace ranvier {

template <class... Args>
[[noreturn]] void fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(code, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace ranvier
