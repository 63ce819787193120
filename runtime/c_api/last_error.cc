#include "runtime/c_api/last_error.h"

#include <exception>
#include <new>
#include <string>

#include "ranvier/error.h"

namespace ranvier::c_api {
namespace {

thread_local std::string text;
thread_local const char* message = "";

ranvier_status report(ErrorCode code, const char* what) noexcept {
  try {
    text = what;
    message = text.c_str();
  } catch (...) {
    message = "memory ran out, also for saying where";
  }
  return static_cast<ranvier_status>(code);
}

}  // namespace

ranvier_status failed() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    return report(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return report(ErrorCode::out_of_memory, "memory ran out");
  } catch (const std::exception& error) {
    return report(ErrorCode::internal, error.what());
  } catch (...) {
    return report(ErrorCode::internal, "an exception that is no std::exception");
  }
}

const char* last_error() noexcept { return message; }

}  // namespace ranvier::c_api
