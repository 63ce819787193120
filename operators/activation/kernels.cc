#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "operators/activation/kernels.cc"
// SSSE3 gains nothing over SSE4, which every processor of the last fifteen years has.
#define HWY_DISABLED_TARGETS HWY_SSSE3
#include "operators/activation/kernels.h"

#include <hwy/foreach_target.h>  // must come before highway.h

#include "operators/activation/kernels-inl.h"
#include "operators/activation/pairs-inl.h"

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
  return {hwy::TargetName(HWY_TARGET), HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_SSE4, kernels, prelu, glu};
}

}  // namespace ranvier::operators::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ranvier::operators {

HWY_EXPORT(kernels_of_target);

namespace {

ActivationKernels of(std::int64_t targets) {
  hwy::ChosenTarget chosen;
  chosen.Update(targets);
  return HWY_DISPATCH_TABLE(kernels_of_target)[chosen.GetIndex()]();
}

}  // namespace

ActivationKernels activation_kernels() { return of(hwy::SupportedTargets()); }

std::vector<ActivationKernels> all_activation_kernels() {
  std::vector<ActivationKernels> all;
  // Better instruction sets have lower bits; SCALAR, the last, is always there.
  for (std::int64_t targets = hwy::SupportedTargets() & HWY_TARGETS; targets != 0; targets &= targets - 1)
    all.push_back(of(targets));
  return all;
}

}  // namespace ranvier::operators
#endif
