#include "runtime/onednn/convolution.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "runtime/onednn/idle_pool.h"
#include "runtime/onednn/library.h"

namespace ranvier::onednn {
namespace {

using dnnl::memory;
using Description = dnnl::convolution_forward::primitive_desc;
using Numbers = std::vector<std::int64_t>;

/// What one thread does in a nanosecond, about.
constexpr double operations_per_nanosecond = 50;
/// Images of less work than this, in nanoseconds, take one thread: many of them are shared out instead.
constexpr double parallel_work = 1e6;

double nanoseconds_of(const ConvolutionProblem& problem) {
  double products = static_cast<double>(problem.groups * problem.outputs) * static_cast<double>(problem.channels);
  for (const Numbers* numbers : {&problem.kernel, &problem.output})
    for (const std::int64_t number : *numbers) products *= static_cast<double>(number);
  return 2 * products / operations_per_nanosecond;
}

int useful_threads(const ConvolutionProblem& problem) {
  return nanoseconds_of(problem) < parallel_work ? 1 : problem.threads;
}

/// Dense and row-major.
memory::desc plain(const memory::dims& dims) {
  memory::dims strides(dims.size(), 1);
  for (std::size_t d = dims.size(); --d > 0;) strides[d - 1] = strides[d] * dims[d];
  return {dims, memory::data_type::f32, strides};
}

memory::desc in_any_layout(const memory::dims& dims) { return {dims, memory::data_type::f32, memory::format_tag::any}; }

/// The dimensions of all operands.
struct Dims {
  explicit Dims(const ConvolutionProblem& p)
      : source{1, p.groups * p.channels},
        weights{p.outputs, p.channels},
        bias{p.groups * p.outputs},
        destination{1, p.groups * p.outputs} {
    if (p.groups > 1) weights.insert(weights.begin(), p.groups);
    source.insert(source.end(), p.size.begin(), p.size.end());
    weights.insert(weights.end(), p.kernel.begin(), p.kernel.end());
    destination.insert(destination.end(), p.output.begin(), p.output.end());
  }

  memory::dims source, weights, bias, destination;
};

dnnl::primitive_attr attributes() {
  dnnl::primitive_attr result;
  result.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return result;
}

/// oneDNN chooses all layouts: laying out an image anew takes less time than a kernel that reads it as it is.
Description describe(const ConvolutionProblem& problem) {
  const Dims dims(problem);
  const memory::desc source = in_any_layout(dims.source), weights = in_any_layout(dims.weights);
  const memory::desc destination = in_any_layout(dims.destination), bias = plain(dims.bias);
  memory::dims dilations = problem.dilations;
  for (auto& each : dilations) each -= 1;
  constexpr auto kind = dnnl::prop_kind::forward_inference;
  constexpr auto algorithm = dnnl::algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
  return problem.bias ? Description(engine(), kind, algorithm, source, weights, bias, destination, problem.strides,
                                    dilations, problem.before, problem.after, attributes())
                      : Description(engine(), kind, algorithm, source, weights, destination, problem.strides, dilations,
                                    problem.before, problem.after, attributes());
#else
  using Operation = dnnl::convolution_forward::desc;
  const auto operation = problem.bias ? Operation(kind, algorithm, source, weights, bias, destination, problem.strides,
                                                  dilations, problem.before, problem.after)
                                      : Operation(kind, algorithm, source, weights, destination, problem.strides,
                                                  dilations, problem.before, problem.after);
  return Description(operation, attributes(), engine());
#endif
}

/// Lays out elements anew, where the two layouts differ.
struct Reorder {
  Reorder(const memory::desc& from, const memory::desc& to) : needed(from != to) {
    if (!needed) return;
    const dnnl::reorder::primitive_desc description(engine(), from, engine(), to, attributes());
    scratchpad = description.scratchpad_desc();
    primitive = dnnl::reorder(description);
    bytes = to.get_size();
  }

  bool needed;
  memory::desc scratchpad;
  dnnl::reorder primitive;
  std::size_t bytes = 0;
};

constexpr std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

void execute(const dnnl::primitive& primitive, const dnnl::stream& stream, std::span<const dnnl_exec_arg_t> arguments) {
  const dnnl_status_t status =
      dnnl_primitive_execute(primitive.get(), stream.get(), static_cast<int>(arguments.size()), arguments.data());
  if (status != dnnl_success) fail_as(status, "run a convolution");
}

}  // namespace

struct Convolution::Parts {
  explicit Parts(const ConvolutionProblem& problem)
      : threads(useful_threads(problem)),
        nanoseconds(nanoseconds_of(problem) / threads),
        bias(problem.bias),
        constant_weights(problem.constant_weights),
        dims(problem),
        description(describe(problem)),
        primitive(description),
        before(plain(dims.source), description.src_desc()),
        weights(plain(dims.weights), description.weights_desc()),
        after(description.dst_desc(), plain(dims.destination)),
        destination_bytes(after.needed ? aligned(description.dst_desc().get_size()) : 0),
        scratchpad_bytes(description.scratchpad_desc().get_size()) {
    for (const Reorder* reorder : {&before, &weights, &after})
      if (reorder->needed) scratchpad_bytes = std::max(scratchpad_bytes, reorder->scratchpad.get_size());
    const std::string from = layout_name(plain(dims.weights)), to = layout_name(description.weights_desc());
    if (packs() && !from.empty() && !to.empty()) packing = from + " to " + to;
  }

  bool packs() const { return constant_weights && weights.needed; }

  int threads;
  double nanoseconds;
  bool bias;
  bool constant_weights;
  Dims dims;
  Description description;
  dnnl::convolution_forward primitive;
  Reorder before, weights, after;
  std::size_t destination_bytes;
  std::size_t scratchpad_bytes;
  std::string packing;

  /// The objects through which oneDNN takes a run's pointers, for one run at a time.
  struct Arguments {
    explicit Arguments(const Parts& parts)
        : stream(engine()),
          given(plain(parts.dims.source), engine(), nullptr),
          source(parts.description.src_desc(), engine(), nullptr),
          plain_weights(plain(parts.dims.weights), engine(), nullptr),
          weights(parts.description.weights_desc(), engine(), nullptr),
          bias(plain(parts.dims.bias), engine(), nullptr),
          destination(parts.description.dst_desc(), engine(), nullptr),
          wanted(plain(parts.dims.destination), engine(), nullptr),
          scratchpad(parts.description.scratchpad_desc(), engine(), nullptr) {
      const std::pair<const Reorder*, memory*> all[] = {{&parts.before, &scratchpad_before},
                                                        {&parts.weights, &scratchpad_weights},
                                                        {&parts.after, &scratchpad_after}};
      for (const auto& [reorder, pad] : all)
        if (reorder->needed) *pad = memory(reorder->scratchpad, engine(), nullptr);
    }

    void reorder(const Reorder& reorder, const memory& from, const memory& to, const memory& pad) const {
      const std::array<dnnl_exec_arg_t, 3> list = {
          {{DNNL_ARG_FROM, from.get()}, {DNNL_ARG_TO, to.get()}, {DNNL_ARG_SCRATCHPAD, pad.get()}}};
      execute(reorder.primitive, stream, list);
    }

    dnnl::stream stream;
    memory given, source, plain_weights, weights, bias, destination, wanted, scratchpad;
    memory scratchpad_before, scratchpad_weights, scratchpad_after;
  };
  mutable IdlePool<Arguments> idle;
};

Convolution::Convolution(const ConvolutionProblem& problem)
    : parts_(translated("prepare a convolution", [&] {
        const ThreadLimit limit(useful_threads(problem));
        auto parts = std::make_shared<const Parts>(problem);
        parts->idle.give_back(std::make_unique<Parts::Arguments>(*parts));
        return parts;
      })) {}

std::size_t Convolution::scratch_bytes() const {
  const Parts& parts = *parts_;
  const std::size_t weights = parts.constant_weights ? 0 : aligned(parts.weights.bytes);
  return aligned(parts.before.bytes) + weights + parts.destination_bytes + parts.scratchpad_bytes;
}

std::size_t Convolution::packed_bytes() const { return parts_->packs() ? parts_->weights.bytes : 0; }

const std::string& Convolution::packing() const { return parts_->packing; }

std::string Convolution::implementation() const { return parts_->description.impl_info_str(); }

int Convolution::threads() const { return parts_->threads; }

double Convolution::nanoseconds() const { return parts_->nanoseconds; }

void Convolution::pack(const float* weights, std::byte* packed) const {
  translated("pack weights", [&] {
    const ThreadLimit limit(1);
    memory from(plain(parts_->dims.weights), engine(), const_cast<float*>(weights));
    memory to(parts_->description.weights_desc(), engine(), packed);
    dnnl::stream stream(engine());
    dnnl::reorder(from, to).execute(stream, from, to);
    stream.wait();
  });
}

void Convolution::run(const float* source, const float* weights, const float* bias, float* destination,
                      std::byte* scratch) const {
  translated("run a convolution", [&] {
    const Parts& parts = *parts_;
    std::unique_ptr<Parts::Arguments> owned = parts.idle.take();
    if (owned == nullptr) owned = std::make_unique<Parts::Arguments>(parts);
    Parts::Arguments& use = *owned;
    const ThreadLimit limit(parts.threads);
    const auto next = [&](std::size_t bytes) { return std::exchange(scratch, scratch + aligned(bytes)); };
    // oneDNN's interface has no read-only memory; a primitive writes to its destination and scratchpad alone.
    use.given.set_data_handle(const_cast<float*>(source));
    use.wanted.set_data_handle(destination);
    use.plain_weights.set_data_handle(const_cast<float*>(weights));
    use.bias.set_data_handle(const_cast<float*>(bias));
    const bool lays_out_weights = parts.weights.needed && !parts.constant_weights;
    use.source.set_data_handle(parts.before.needed ? next(parts.before.bytes) : use.given.get_data_handle());
    use.weights.set_data_handle(lays_out_weights ? next(parts.weights.bytes) : use.plain_weights.get_data_handle());
    use.destination.set_data_handle(parts.after.needed ? next(parts.destination_bytes) : use.wanted.get_data_handle());
    for (memory* pad : {&use.scratchpad, &use.scratchpad_before, &use.scratchpad_weights, &use.scratchpad_after})
      if (*pad) pad->set_data_handle(scratch);
    if (parts.before.needed) use.reorder(parts.before, use.given, use.source, use.scratchpad_before);
    if (lays_out_weights) use.reorder(parts.weights, use.plain_weights, use.weights, use.scratchpad_weights);
    const std::array<dnnl_exec_arg_t, 5> list = {{{DNNL_ARG_SRC, use.source.get()},
                                                  {DNNL_ARG_WEIGHTS, use.weights.get()},
                                                  {DNNL_ARG_DST, use.destination.get()},
                                                  {DNNL_ARG_SCRATCHPAD, use.scratchpad.get()},
                                                  {DNNL_ARG_BIAS, use.bias.get()}}};
    execute(parts.primitive, use.stream, std::span(list).first(parts.bias ? 5 : 4));
    if (parts.after.needed) use.reorder(parts.after, use.destination, use.wanted, use.scratchpad_after);
    use.stream.wait();
    parts.idle.give_back(std::move(owned));
  });
}

}  // namespace ranvier::onednn
