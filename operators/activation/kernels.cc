#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "operators/activation/kernels.cc"
// clang-format off: foreach_target.h comes before whatever includes highway.h
#include "operators/activation/kernels.h"

#include <hwy/foreach_target.h>

#include "operators/activation/kernels-inl.h"
#include "operators/activation/pairs-inl.h"
#include "runtime/simd/targets.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace ranvier::operators::HWY_NAMESPACE {

template <class Kernel>
void run_kernel(const float* x, float* y, std::size_t count, const float* parameters) {
  if constexpr (requires { typename Kernel::WithDefaults; }) {
    if (parameters[0] == 1) return run(typename Kernel::WithDefaults(parameters), x, y, count);
  }
  run(Kernel(parameters), x, y, count);
}

constexpr ActivationKernel kernels[] = {
#define ACTIVATION(name, onnx, keras, parameters, reference, types, zero, kernel, onednn, ulp) \
  {run_kernel<kernel>, kernel::refusal},
#include "operators/activation/activations.def"
#undef ACTIVATION
};

ActivationKernels kernels_of_target() {
  return {hwy::TargetName(HWY_TARGET), simd::has_fused_multiply_add(HWY_TARGET), kernels, prelu, glu};
}

}  // namespace ranvier::operators::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ranvier::operators {

constexpr auto versions = RANVIER_VERSIONS(kernels_of_target);

ActivationKernels activation_kernels() { return simd::best_version(versions, simd::machine_targets())(); }

std::vector<ActivationKernels> all_activation_kernels() {
  std::vector<ActivationKernels> all;
  for (const std::int64_t targets : simd::supported_targets()) all.push_back(simd::best_version(versions, targets)());
  return all;
}

}  // namespace ranvier::operators
#endif
