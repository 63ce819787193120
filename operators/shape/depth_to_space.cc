// DepthToSpace and SpaceToDepth: blocks of pixels to channels and back. Both are transpositions of six axes.
// https://onnx.ai/onnx/operators/onnx__DepthToSpace.html
// https://onnx.ai/onnx/operators/onnx__SpaceToDepth.html
#include <array>

#include "operators/operator.h"
#include "operators/packed_operands.h"
#include "operators/storage.h"
#include "operators/strided_copy.h"

namespace ranvier::operators {
namespace {

/// The input under a shape of six axes, and the order in which the output has them.
struct Rearrangement {
  Shape shape;
  std::array<std::size_t, 6> order;
};

struct Blocks {
  std::int64_t size = 1;
  std::int64_t area = 1;
};

Blocks blocks(const Spec& spec) {
  const Shape& shape = spec.input(0).shape;
  if (shape.rank() != 4)
    fail(ErrorCode::invalid_argument, "input 0 has shape {}, expected four dimensions", to_string(shape));
  Blocks result{spec.node().required<std::int64_t>("blocksize")};
  if (result.size < 1 || __builtin_mul_overflow(result.size, result.size, &result.area))
    fail(ErrorCode::invalid_model, "attribute 'blocksize' is {}, expected a size of blocks", result.size);
  return result;
}

/// How the channels are numbered: (block row, block column, channel), or (channel, block row, block column).
bool channel_first(const Spec& spec) {
  const auto mode = spec.node().get<std::string>("mode", "DCR");
  if (mode != "DCR" && mode != "CRD")
    fail(ErrorCode::invalid_model, "attribute 'mode' is '{}', expected DCR or CRD", mode);
  return mode == "CRD";
}

void infer_depth_to_space(Spec& spec) {
  const auto [size, area] = blocks(spec);
  Shape shape = spec.input(0).shape;
  channel_first(spec);
  if (shape[1] % area != 0)
    fail(ErrorCode::invalid_argument, "input 0 of shape {} has {} channels, expected a multiple of {}",
         to_string(shape), shape[1], area);
  shape[1] /= area;
  if (__builtin_mul_overflow(shape[2], size, &shape[2]) || __builtin_mul_overflow(shape[3], size, &shape[3]))
    fail(ErrorCode::out_of_memory, "blocks of {} by {} do not fit in memory", size, size);
  spec.set_output(0, spec.input(0).type, shape);
}

Rearrangement depth_to_space_of(const Spec& spec) {
  const auto [size, area] = blocks(spec);
  const Shape& shape = spec.input(0).shape;
  const std::int64_t channels = shape[1] / area;
  if (channel_first(spec)) return {{shape[0], channels, size, size, shape[2], shape[3]}, {0, 1, 4, 2, 5, 3}};
  return {{shape[0], size, size, channels, shape[2], shape[3]}, {0, 3, 4, 1, 5, 2}};
}

void infer_space_to_depth(Spec& spec) {
  const auto [size, area] = blocks(spec);
  Shape shape = spec.input(0).shape;
  if (shape[2] % size != 0 || shape[3] % size != 0)
    fail(ErrorCode::invalid_argument, "input 0 of shape {} does not divide into blocks of {} by {}", to_string(shape),
         size, size);
  if (__builtin_mul_overflow(shape[1], area, &shape[1]))
    fail(ErrorCode::out_of_memory, "blocks of {} by {} do not fit in memory", size, size);
  shape[2] /= size;
  shape[3] /= size;
  spec.set_output(0, spec.input(0).type, shape);
}

Rearrangement space_to_depth_of(const Spec& spec) {
  const std::int64_t size = blocks(spec).size;
  const Shape& shape = spec.input(0).shape;
  return {{shape[0], shape[1], shape[2] / size, size, shape[3] / size, size}, {0, 3, 5, 1, 2, 4}};
}

template <Rearrangement (*rearrangement_of)(const Spec&)>
Kernel reference(const Spec& spec) {
  const Rearrangement rearrangement = rearrangement_of(spec);
  const Shape strides = row_major_strides(rearrangement.shape);
  Shape extents;
  Shape from;
  for (const std::size_t axis : rearrangement.order) {
    extents.push_back(rearrangement.shape[axis]);
    from.push_back(strides[axis]);
  }
  const StridedCopy copy(extents, from, row_major_strides(extents));
  return dispatch<StorageTypes>(storage_type(spec.input(0).type), [&]<class T>() -> Kernel {
    return {[=](const Buffers& buffers) { copy.run(buffers.input<T>(0), buffers.output<T>(0)); }};
  });
}

template <Rearrangement (*rearrangement_of)(const Spec&)>
constexpr Implementation implementations[] = {{.name = "reference", .prepare = moving<reference<rearrangement_of>>}};

}  // namespace

extern const Operator depth_to_space = {.infer = infer_depth_to_space,
                                        .implementations = implementations<depth_to_space_of>};

extern const Operator space_to_depth = {.infer = infer_space_to_depth,
                                        .implementations = implementations<space_to_depth_of>};

}  // namespace ranvier::operators
