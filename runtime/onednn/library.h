// What the files of this folder share, and where the versions of oneDNN differ. Nothing outside includes this.
#pragma once

#include <dnnl.hpp>
#include <string>

#include "runtime/core/error.h"

namespace ranvier::onednn {

/// The engine of all primitives, made on first use: a process that never plans a primitive never initialises oneDNN.
const dnnl::engine& engine();

/// Throws the ranvier::Error for what oneDNN reports: out_of_memory, unsupported or internal, naming `action`.
[[noreturn]] void fail_as(dnnl_status_t status, std::string_view action);

/// Returns what `function` returns; an exception of oneDNN becomes a ranvier::Error.
template <class Function>
decltype(auto) translated(std::string_view action, Function&& function) {
  try {
    return function();
  } catch (const dnnl::error& error) {
    fail_as(error.status, action);
  }
}

/// Holds the calling thread to `threads` OpenMP threads while it lives. Primitives take the number both when they are
/// created and when they are executed; the two have to agree. With 1, oneDNN runs on the caller's thread and starts
/// no other.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  int before_;
  int threads_;
};

/// A text equal for equal layouts of memory and different for different ones; "" where the layout has no such text.
std::string layout_name(const dnnl::memory::desc& layout);

}  // namespace ranvier::onednn
