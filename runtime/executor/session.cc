#include "ranvier/session.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <new>

#include "runtime/core/fresh_tensor.h"
#include "runtime/core/strided.h"
#include "runtime/executor/binding_parts.h"
#include "runtime/executor/interpreter.h"
#include "runtime/executor/machine.h"
#include "runtime/executor/model_parts.h"
#include "runtime/executor/plan_cache.h"

namespace ranvier {

using executor::check;
using executor::Execution;
using executor::PlanKey;
using planner::Plan;

namespace {

/// Graph inputs that are given, with their shapes; in the order of the graph.
std::vector<planner::Given> given_inputs(const graph::Graph& graph, const PlanKey& key) {
  std::vector<planner::Given> given;
  for (std::size_t i = 0; i < key.inputs.size(); ++i)
    if (key.inputs[i].type != DataType::undefined)
      given.push_back({graph.inputs[i], {key.inputs[i].type, key.inputs[i].shape, nullptr}});
  return given;
}

void check_shape(const PortInfo& port, const Shape& shape) {
  if (!port.ranked) return;
  const auto declared = [&] {
    std::string text;
    for (const DimensionInfo& dim : port.dimensions)
      text += (text.empty() ? "" : ", ") + (dim.size >= 0        ? std::to_string(dim.size)
                                            : dim.symbol.empty() ? "?"
                                                                 : dim.symbol);
    return "[" + text + "]";
  };
  bool fits = shape.rank() == port.dimensions.size();
  for (std::size_t axis = 0; fits && axis < shape.rank(); ++axis)
    fits = port.dimensions[axis].size < 0 || port.dimensions[axis].size == shape[axis];
  if (!fits)
    fail(ErrorCode::invalid_argument, "input '{}' has shape {}, expected {}", port.name, to_string(shape), declared());
}

/// Dense copies of the strided ones.
void make_dense(std::vector<Tensor>& tensors) {
  for (Tensor& tensor : tensors)
    if (!tensor.dense()) tensor = tensor.copy();
}

/// The tensors of these names in the order of the ports, undefined where there is none.
std::vector<Tensor> in_order(std::span<const NamedTensor> named, std::string_view role, std::size_t count,
                             const std::function<std::size_t(const std::string&)>& index_of) {
  std::vector<Tensor> ordered(count);
  for (const auto& [name, tensor] : named) {
    Tensor& slot = ordered[index_of(name)];
    if (slot.defined()) fail(ErrorCode::invalid_argument, "{} '{}' is given twice", role, name);
    slot = tensor;
  }
  return ordered;
}

std::vector<Tensor> inputs_in_order(const Model& model, std::span<const NamedTensor> named) {
  return in_order(named, "input", model.inputs().size(),
                  [&](const std::string& name) { return model.input_index(name); });
}

/// The memory of a tensor that a plan's output goes to, which gets some where it is undefined.
void* writable(Tensor& tensor, const planner::Port& port, const std::string& output) {
  if (!tensor.defined()) tensor = Tensor(port.type, port.shape);
  if (tensor.type() != port.type || tensor.shape() != port.shape)
    fail(ErrorCode::invalid_argument, "output '{}' is given as {} {}, expected {} {}", output, name(tensor.type()),
         to_string(tensor.shape()), name(port.type), to_string(port.shape));
  if (!tensor.dense())
    fail(ErrorCode::invalid_argument, "output '{}' is given as a strided view; only inputs may be", output);
  if (tensor.read_only())
    fail(ErrorCode::invalid_argument, "output '{}' is given as a view of constant elements", output);
  return tensor.mutable_data();
}

bool overlap(const Tensor& a, const Tensor& b) {
  const auto begin = [](const Tensor& tensor) { return reinterpret_cast<std::uintptr_t>(tensor.data()); };
  return begin(a) < begin(b) + b.bytes() && begin(b) < begin(a) + a.bytes();
}

/// No output is where a run reads an input, or writes another output.
void check_apart(const Model& model, std::span<const Tensor> inputs, std::span<const Tensor> outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto check = [&](std::string_view role, const PortInfo& port, const Tensor& tensor) {
      if (overlap(outputs[i], tensor))
        fail(ErrorCode::invalid_argument, "output '{}' lies in the memory of {} '{}'", model.outputs()[i].name, role,
             port.name);
    };
    for (std::size_t j = 0; j < inputs.size(); ++j) check("input", model.inputs()[j], inputs[j]);
    for (std::size_t j = 0; j < i; ++j) check("output", model.outputs()[j], outputs[j]);
  }
}

std::vector<const void*> addresses(std::span<const Tensor> tensors) {
  std::vector<const void*> result;
  for (const Tensor& tensor : tensors)
    if (tensor.defined()) result.push_back(tensor.data());
  return result;
}

}  // namespace

struct Session::Parts {
  Model model;
  SessionOptions options;
  std::shared_ptr<ThreadPool> pool;  // null for one thread
  operators::Settings settings;
  mutable executor::PlanCache plans;

  Parts(Model m, const SessionOptions& o)
      : model(std::move(m)), options(o), plans(o.plans, [this](const PlanKey& key) {
          check_inputs(key);
          return make_plan(given_inputs(graph(), key), {});
        }) {
    settings.threads = o.threads == 0 ? executor::available_threads() : o.threads;
    if (settings.threads > 1) pool = std::make_shared<ThreadPool>(settings.threads);
    settings.pool = pool.get();
    settings.strict_onnx = model.parts().options.strict_onnx;
    settings.packed = &model.parts().packed;
    settings.memory_limit = o.memory_limit == 0 ? executor::available_memory() : o.memory_limit;
  }

  const graph::Graph& graph() const { return model.parts().graph; }

  /// Checks the inputs against the model's.
  void check_inputs(const PlanKey& key) const {
    const std::vector<PortInfo>& ports = model.inputs();
    for (std::size_t i = 0; i < ports.size(); ++i) {
      const auto& [type, shape] = key.inputs[i];
      if (type == DataType::undefined) {
        if (ports[i].optional) continue;
        fail(ErrorCode::invalid_argument, "input '{}' is missing", ports[i].name);
      }
      if (type != ports[i].type)
        fail(ErrorCode::invalid_argument, "input '{}' has type {}, expected {}", ports[i].name, name(type),
             name(ports[i].type));
      check_shape(ports[i], shape);
    }
  }

  /// The inputs, and undefined ones for those that are left out at the end.
  std::vector<Tensor> filled_up(std::span<const Tensor> inputs) const {
    const std::size_t ports = model.inputs().size();
    if (inputs.size() > ports)
      fail(ErrorCode::invalid_argument, "{} inputs were given, the model has {}", inputs.size(), ports);
    std::vector<Tensor> result(inputs.begin(), inputs.end());
    result.resize(ports);
    return result;
  }

  std::shared_ptr<const Plan> make_plan(std::span<const planner::Given> given, const std::vector<bool>& wanted) const {
    return executor::shared_plan(planner::make_plan(graph(), given, wanted, settings), pool);
  }

  /// Runs a plan that is only the first stage, then plans the rest for the shapes and elements it now sees, until
  /// nothing is deferred.
  std::vector<Tensor> run_stages(const executor::PlanCache::Borrowed& first, std::span<const Tensor> inputs,
                                 const std::stop_token& stop) const {
    std::vector<Tensor> values(graph().values.size());
    const auto keep = [&](const Plan& plan, std::vector<Tensor> outputs) {
      for (std::size_t i = 0; i < outputs.size(); ++i) values[plan.outputs[i].id] = std::move(outputs[i]);
    };
    keep(first.plan(), first.run(inputs, stop));
    std::shared_ptr<const Plan> stage;  // the last one, after the first
    const Plan* previous = &first.plan();
    while (!previous->deferred.empty()) {
      check(stop);
      std::vector<planner::Given> given;
      std::vector<Tensor> stage_inputs;
      for (graph::ValueId id = 0; id < values.size(); ++id) {
        if (!values[id].defined()) continue;
        const bool contents = std::count(previous->awaited.begin(), previous->awaited.end(), id) > 0;
        given.push_back({id, {values[id].type(), values[id].shape(), contents ? &values[id] : nullptr}});
        stage_inputs.push_back(values[id]);
      }
      const std::shared_ptr<const Plan> next = make_plan(given, previous->deferred);
      if (next->deferred == previous->deferred)
        fail(ErrorCode::internal, "a run got stuck before nodes whose shapes depend on elements");
      std::vector<Tensor> outputs;
      std::vector<void*> output_addresses;
      for (const planner::Port& port : next->outputs)
        output_addresses.push_back(outputs.emplace_back(fresh_tensor(port.type, port.shape)).mutable_data());
      Execution execution(next);
      execution.bind(addresses(stage_inputs), output_addresses);
      execution.run(stop);
      keep(*next, std::move(outputs));
      stage = next;
      previous = stage.get();
    }
    std::vector<Tensor> outputs;
    for (const graph::ValueId id : graph().outputs) outputs.push_back(values[id]);
    return outputs;
  }

  std::vector<Tensor> run(std::span<const Tensor> given, const RunOptions& how) const {
    check(how.stop);
    try {
      const bool as_they_are = given.size() == model.inputs().size() &&
                               std::ranges::all_of(given, [](auto& input) { return input.dense(); });
      if (as_they_are && how.outputs.empty()) return run(given, how.stop);
      const std::vector<std::size_t> wanted = output_indices(how.outputs);
      std::vector<Tensor> inputs = filled_up(given);
      make_dense(inputs);
      return selected(run(inputs, how.stop), wanted);
    } catch (const std::bad_alloc&) {
      fail(ErrorCode::out_of_memory, "memory ran out during a run");
    }
  }

  std::vector<Tensor> run(std::span<const Tensor> inputs, const std::stop_token& stop) const {
    if (options.reference) {
      check_inputs(executor::key_of(inputs));
      return executor::interpret(graph(), inputs, settings, stop);
    }
    const executor::PlanCache::Borrowed borrowed = plans.borrow(inputs);
    return borrowed.plan().deferred.empty() ? borrowed.run(inputs, stop) : run_stages(borrowed, inputs, stop);
  }

  std::vector<std::size_t> output_indices(const std::vector<std::string>& names) const {
    std::vector<std::size_t> indices;
    for (const std::string& each : names) indices.push_back(model.output_index(each));
    return indices;
  }

  /// The outputs at these indices; all of them where there are none.
  static std::vector<Tensor> selected(std::vector<Tensor> outputs, const std::vector<std::size_t>& indices) {
    if (indices.empty()) return outputs;
    std::vector<Tensor> result;
    for (const std::size_t i : indices) result.push_back(outputs[i]);
    return result;
  }
};

Session::Session(Model model, const SessionOptions& options) {
  if (options.threads < 0 || options.threads > SessionOptions::most_threads)
    fail(ErrorCode::invalid_argument, "threads is {}, expected 0 (as many as there are) to {}", options.threads,
         SessionOptions::most_threads);
  if (options.plans == 0) fail(ErrorCode::invalid_argument, "plans is 0, expected at least 1");
  parts_ = std::make_unique<Parts>(std::move(model), options);
}

Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

const Model& Session::model() const { return parts_->model; }

std::vector<Tensor> Session::run(std::span<const Tensor> inputs, const RunOptions& options) const {
  return parts_->run(inputs, options);
}

std::vector<Tensor> Session::run(std::span<const NamedTensor> inputs, const RunOptions& options) const {
  return parts_->run(inputs_in_order(model(), inputs), options);
}

std::vector<Shape> Session::output_shapes(std::span<const Shape> input_shapes) const {
  const std::vector<PortInfo>& ports = model().inputs();
  if (input_shapes.size() > ports.size())
    fail(ErrorCode::invalid_argument, "{} shapes were given, the model has {} inputs", input_shapes.size(),
         ports.size());
  PlanKey key;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const bool given = i < input_shapes.size();
    if (!given && !ports[i].optional)
      fail(ErrorCode::invalid_argument, "the shape of input '{}' is missing", ports[i].name);
    if (given) {
      key.inputs.push_back({ports[i].type, input_shapes[i]});
    } else {
      key.inputs.emplace_back();
    }
  }
  const std::shared_ptr<const Plan> plan = parts_->plans.plan(key);
  if (!plan->deferred.empty())
    fail(ErrorCode::unsupported, "the shapes of the outputs depend on the elements of the inputs");
  std::vector<Shape> shapes;
  for (const planner::Port& port : plan->outputs) shapes.push_back(port.shape);
  return shapes;
}

Binding::Binding(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Binding::Binding(Binding&&) noexcept = default;
Binding& Binding::operator=(Binding&&) noexcept = default;
Binding::~Binding() = default;

const std::optional<Error>& Binding::error() const { return parts_->error; }

const std::vector<Tensor>& Binding::inputs() const { return parts_->inputs; }
const std::vector<Tensor>& Binding::outputs() const { return parts_->outputs; }

void Binding::Parts::gather_inputs() {
  for (std::size_t i = 0; i < gathered.size(); ++i)
    if (gathered[i].defined())
      gather(inputs[i].type(), inputs[i].shape(), inputs[i].data(), inputs[i].strides(), gathered[i].mutable_data());
}

template <class... Stop>
bool Binding::Parts::run(const Stop&... stop) noexcept {
  try {
    if (!gathered.empty()) gather_inputs();
    execution.run(stop...);
    return true;
  } catch (const Error& thrown) {
    error = thrown;
  } catch (const std::exception& thrown) {
    error = Error(ErrorCode::internal, thrown.what());
  }
  return false;
}

bool Binding::run() noexcept { return parts_->run(); }
bool Binding::run(const std::stop_token& stop) noexcept { return parts_->run(stop); }

Binding Session::bind(std::span<const NamedTensor> inputs, std::span<const NamedTensor> outputs) const {
  return bind(inputs_in_order(model(), inputs),
              in_order(outputs, "output", model().outputs().size(),
                       [&](const std::string& name) { return model().output_index(name); }));
}

Binding Session::bind(std::span<const Tensor> given, std::span<const Tensor> outputs) const {
  const std::vector<Tensor> inputs = parts_->filled_up(given);
  const std::shared_ptr<const Plan> kept = parts_->plans.plan(executor::key_of(inputs));
  const Plan& plan = *kept;
  if (!plan.deferred.empty())
    fail(ErrorCode::unsupported, "outputs cannot be bound: their shapes depend on the elements of the inputs");
  if (outputs.size() != plan.outputs.size())
    fail(ErrorCode::invalid_argument, "{} outputs were given, the model has {}", outputs.size(), plan.outputs.size());
  std::vector<Tensor> bound(outputs.begin(), outputs.end());
  std::vector<void*> output_addresses;
  for (std::size_t i = 0; i < bound.size(); ++i)
    output_addresses.push_back(writable(bound[i], plan.outputs[i], model().outputs()[i].name));
  std::vector<Tensor> dense = inputs;
  make_dense(dense);
  check_apart(model(), dense, bound);
  std::vector<Tensor> gathered;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].dense()) continue;
    gathered.resize(inputs.size());
    gathered[i] = dense[i];
  }
  auto parts = std::make_unique<Binding::Parts>(
      Binding::Parts{model(), inputs, std::move(gathered), std::move(bound), Execution(kept), std::nullopt});
  parts->execution.bind(addresses(dense), output_addresses);
  return Binding(std::move(parts));
}

}  // namespace ranvier
