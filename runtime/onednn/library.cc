#include "runtime/onednn/library.h"

#include <dnnl_debug.h>

#include <span>

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
// Declared here because <omp.h> belongs to a compiler, and oneDNN's OpenMP need not be this compiler's.
extern "C" {
int omp_get_max_threads();
void omp_set_num_threads(int threads);
}
#elif DNNL_CPU_THREADING_RUNTIME != DNNL_RUNTIME_SEQ
#error "oneDNN has to be built for OpenMP or for one thread"
#endif

namespace ranvier::onednn {

const dnnl::engine& engine() {
  static const dnnl::engine cpu =
      translated("create an engine", [] { return dnnl::engine(dnnl::engine::kind::cpu, 0); });
  return cpu;
}

void fail_as(dnnl_status_t status, std::string_view action) {
  const ErrorCode code = status == dnnl_out_of_memory   ? ErrorCode::out_of_memory
                         : status == dnnl_unimplemented ? ErrorCode::unsupported
                                                        : ErrorCode::internal;
  fail(code, "oneDNN cannot {}: {}", action, dnnl_status2str(status));
}

#if DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP
ThreadLimit::ThreadLimit(int threads) : before_(omp_get_max_threads()), threads_(threads) {
  if (threads_ != before_) omp_set_num_threads(threads_);
}
ThreadLimit::~ThreadLimit() {
  if (threads_ != before_) omp_set_num_threads(before_);
}
#else
ThreadLimit::ThreadLimit(int threads) : before_(1), threads_(threads) {}
ThreadLimit::~ThreadLimit() = default;
#endif

std::string layout_name(const dnnl::memory::desc& layout) {
#if DNNL_VERSION_MAJOR >= 3
  if (layout.get_format_kind() != dnnl::memory::format_kind::blocked) return "";
  return fmt::format("dims {} strides {} blocks {} of {}", fmt::join(layout.get_dims(), "x"),
                     fmt::join(layout.get_strides(), ","), fmt::join(layout.get_inner_blks(), ","),
                     fmt::join(layout.get_inner_idxs(), ","));
#else
  if (layout.data.format_kind != dnnl_blocked) return "";
  const auto& blocking = layout.data.format_desc.blocking;
  const auto rank = static_cast<std::size_t>(layout.data.ndims);
  const auto blocks = static_cast<std::size_t>(blocking.inner_nblks);
  return fmt::format("dims {} strides {} blocks {} of {}", fmt::join(std::span(layout.data.dims, rank), "x"),
                     fmt::join(std::span(blocking.strides, rank), ","),
                     fmt::join(std::span(blocking.inner_blks, blocks), ","),
                     fmt::join(std::span(blocking.inner_idxs, blocks), ","));
#endif
}

}  // namespace ranvier::onednn
