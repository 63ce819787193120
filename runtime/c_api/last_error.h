// Exceptions end here: at the border to C, they become a status and a text.
#pragma once

#include "ranvier/c_api.h"

namespace ranvier::c_api {

/// Within a catch block: the status of what was thrown; its text is kept for last_error().
ranvier_status failed() noexcept;

/// The text of this thread's last failure; "" where there was none.
const char* last_error() noexcept;

/// Calls `function`; nothing that it throws gets out. Where it throws nothing, nothing of the thread's is touched.
template <class Function>
ranvier_status guarded(const Function& function) noexcept {
  try {
    function();
    return RANVIER_OK;
  } catch (...) {
    return failed();
  }
}

}  // namespace ranvier::c_api
