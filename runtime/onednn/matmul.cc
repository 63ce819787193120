#include "runtime/onednn/matmul.h"

#include <array>

#include "runtime/onednn/idle_pool.h"
#include "runtime/onednn/library.h"

namespace ranvier::onednn {
namespace {

using dnnl::memory;
using Description = dnnl::matmul::primitive_desc;

/// Below this many floating-point operations, waking a second thread costs more than it gains.
constexpr double parallel_work = 1e6;

int useful_threads(const MatMulProblem& problem) {
  const double work = 2.0 * static_cast<double>(problem.batch) * static_cast<double>(problem.rows) *
                      static_cast<double>(problem.inner) * static_cast<double>(problem.columns);
  return work < parallel_work ? 1 : problem.threads;
}

/// `batch` dense matrices; a batch of one has two dimensions, for which oneDNN has the better kernels.
memory::desc matrices(std::int64_t batch, std::int64_t rows, std::int64_t columns, bool transposed) {
  memory::dims dims = {rows, columns};
  memory::dims strides = {transposed ? 1 : columns, transposed ? rows : 1};
  if (batch > 1) {
    dims.insert(dims.begin(), batch);
    strides.insert(strides.begin(), rows * columns);
  }
  return {dims, memory::data_type::f32, strides};
}

memory::desc in_any_layout(const memory::desc& like) {
  memory::desc copy = like;
#if DNNL_VERSION_MAJOR >= 3
  return {copy.get_dims(), memory::data_type::f32, memory::format_tag::any};
#else
  return {copy.dims(), memory::data_type::f32, memory::format_tag::any};
#endif
}

memory::desc row_of(const MatMulProblem& problem) {
  memory::dims dims = {1, problem.columns};
  memory::dims strides = {problem.columns, 1};
  if (problem.batch > 1) {
    dims.insert(dims.begin(), 1);
    strides.insert(strides.begin(), problem.columns);
  }
  return {dims, memory::data_type::f32, strides};
}

Description describe(const MatMulProblem& problem, const memory::desc& weights) {
  const memory::desc source = matrices(problem.batch, problem.rows, problem.inner, problem.source_transposed);
  const memory::desc destination = matrices(problem.batch, problem.rows, problem.columns, false);
  const memory::desc bias = row_of(problem);
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
#if DNNL_VERSION_MAJOR >= 3
  return problem.bias ? Description(engine(), source, weights, bias, destination, attributes)
                      : Description(engine(), source, weights, destination, attributes);
#else
  const auto operation = problem.bias ? dnnl::matmul::desc(source, weights, bias, destination)
                                      : dnnl::matmul::desc(source, weights, destination);
  return Description(operation, attributes, engine());
#endif
}

/// The objects through which oneDNN takes a run's pointers: making them costs more than a small product, and one set
/// serves one run at a time.
struct Arguments {
  explicit Arguments(const Description& description, bool with_bias)
      : stream(engine()),
        memories{memory(description.src_desc(), engine(), nullptr),
                 memory(description.weights_desc(), engine(), nullptr),
                 memory(description.dst_desc(), engine(), nullptr),
                 memory(description.scratchpad_desc(), engine(), nullptr)} {
    constexpr int names[] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SCRATCHPAD};
    for (std::size_t i = 0; i < memories.size(); ++i) list[i] = {names[i], memories[i].get()};
    if (!with_bias) return;
    bias = memory(description.bias_desc(), engine(), nullptr);
    list[count++] = {DNNL_ARG_BIAS, bias.get()};
  }

  void set(const float* source, const float* weights, const float* bias_row, float* destination, std::byte* scratch) {
    // oneDNN's interface has no read-only memory; a primitive writes to its destination and scratchpad alone.
    memories[0].set_data_handle(const_cast<float*>(source));
    memories[1].set_data_handle(const_cast<float*>(weights));
    memories[2].set_data_handle(destination);
    memories[3].set_data_handle(scratch);
    if (bias) bias.set_data_handle(const_cast<float*>(bias_row));
  }

  dnnl::stream stream;
  std::array<memory, 4> memories;
  memory bias;
  std::array<dnnl_exec_arg_t, 5> list{};
  int count = 4;
};

}  // namespace

struct MatMul::Parts {
  explicit Parts(const MatMulProblem& problem)
      : threads(useful_threads(problem)),
        bias(problem.bias),
        plain_weights(matrices(problem.batch, problem.inner, problem.columns, problem.weights_transposed)),
        description(describe(problem, problem.constant_weights ? in_any_layout(plain_weights) : plain_weights)),
        primitive(description),
        packs(description.weights_desc() != plain_weights) {
    const std::string from = layout_name(plain_weights);
    const std::string to = layout_name(description.weights_desc());
    if (packs && !from.empty() && !to.empty()) packing = from + " to " + to;
    idle.give_back(std::make_unique<Arguments>(description, bias));
  }

  int threads;
  bool bias;
  memory::desc plain_weights;
  Description description;
  dnnl::matmul primitive;
  bool packs;
  std::string packing;
  mutable IdlePool<Arguments> idle;
};

MatMul::MatMul(const MatMulProblem& problem)
    : parts_(translated("prepare a matrix product", [&] {
        const ThreadLimit limit(useful_threads(problem));
        return std::make_shared<const Parts>(problem);
      })) {}

std::size_t MatMul::scratch_bytes() const { return parts_->description.scratchpad_desc().get_size(); }

std::size_t MatMul::packed_bytes() const { return parts_->packs ? parts_->description.weights_desc().get_size() : 0; }

const std::string& MatMul::packing() const { return parts_->packing; }

std::string MatMul::implementation() const { return parts_->description.impl_info_str(); }

int MatMul::threads() const { return parts_->threads; }

void MatMul::pack(const float* weights, std::byte* packed) const {
  translated("pack weights", [&] {
    const ThreadLimit limit(1);
    memory from(parts_->plain_weights, engine(), const_cast<float*>(weights));
    memory to(parts_->description.weights_desc(), engine(), packed);
    dnnl::stream stream(engine());
    dnnl::reorder(from, to).execute(stream, from, to);
    stream.wait();
  });
}

void MatMul::run(const float* source, const float* weights, const float* bias, float* destination,
                 std::byte* scratch) const {
  translated("run a matrix product", [&] {
    std::unique_ptr<Arguments> arguments = parts_->idle.take();
    if (arguments == nullptr) arguments = std::make_unique<Arguments>(parts_->description, parts_->bias);
    arguments->set(source, weights, bias, destination, scratch);
    const ThreadLimit limit(parts_->threads);
    const dnnl_status_t status = dnnl_primitive_execute(parts_->primitive.get(), arguments->stream.get(),
                                                        arguments->count, arguments->list.data());
    if (status != dnnl_success) fail_as(status, "run a matrix product");
    arguments->stream.wait();
    parts_->idle.give_back(std::move(arguments));
  });
}

}  // namespace ranvier::onednn
