// Running a model.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "ranvier/error.h"
#include "ranvier/export.h"
#include "ranvier/model.h"
#include "ranvier/tensor.h"

namespace ranvier {

struct SessionOptions {
  /// Threads for one run, the caller's included; at most most_threads. 0: as many as CPU affinity and the control group
  /// allow. Idle ones sleep. Where runs of some microseconds follow each other closely they stay awake from one to the
  /// next, which takes their processors; 1 keeps all work on the caller's.
  int threads = 0;
  static constexpr int most_threads = 1024;
  /// How many plans (one for each set of input shapes) are kept; the least recently used one goes.
  std::size_t plans = 8;
  /// No run may use more working memory than this many bytes, and no tensor may be larger; weights aside. 0: what the
  /// machine has.
  std::size_t memory_limit = 0;
  /// Compute every node with its reference, one by one, without plans: slow, and the measure of everything else.
  bool reference = false;
};

/// A tensor and the name of the input or output that it is for.
using NamedTensor = std::pair<std::string, Tensor>;

/// What one run does otherwise.
struct RunOptions {
  /// The outputs to return, by their names, in this order. Empty: all of them.
  std::vector<std::string> outputs = {};
  /// Where another thread calls request_stop() on the std::stop_source that this is of, the run ends with an Error
  /// cancelled before its next step; a step that is being computed is finished first. Costs nothing where it is not
  /// set.
  std::stop_token stop = {};
};

/// A session with its input shapes fixed and its buffers bound. Not to be run by two threads at once; any number of
/// bindings of one session may run at the same time.
class RANVIER_EXPORT Binding {
 public:
  Binding(Binding&&) noexcept;
  Binding& operator=(Binding&&) noexcept;
  ~Binding();

  /// Computes the outputs from what the bound inputs hold now. Allocates nothing, takes no lock. False where an
  /// element was wrong (an index out of range, say); then error() says what, and the outputs are undefined.
  bool run() noexcept;

  /// The same, which ends before its next step where a stop is requested: it returns false, and error() is cancelled.
  bool run(const std::stop_token& stop) noexcept;

  /// Why the last run() returned false.
  const std::optional<Error>& error() const;

  /// The bound tensors, in the order of the model.
  const std::vector<Tensor>& inputs() const;
  const std::vector<Tensor>& outputs() const;

  /// The parts that Ranvier's own tools work with.
  struct Parts;
  const Parts& parts() const { return *parts_; }

 private:
  friend class Session;
  explicit Binding(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// A model, its options and a small cache of plans. All members may be called from many threads at once. Any number of
/// sessions may share one model, whose weights are in memory once.
class RANVIER_EXPORT Session {
 public:
  /// @throws Error invalid_argument for options out of range.
  explicit Session(Model model, const SessionOptions& options = {});
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// Runs on inputs in the model's order; an undefined Tensor, or none at the end, leaves an optional input at its
  /// default. Inputs are only read, and may be views, strided ones too. Returns owned tensors in the order of the
  /// outputs.
  /// @throws Error invalid_argument where number, type, rank or shape of the inputs is wrong, or their elements, or
  /// where an output that is asked for does not exist; unsupported, out_of_memory, cancelled, custom_operator.
  std::vector<Tensor> run(std::span<const Tensor> inputs, const RunOptions& options = {}) const;
  std::vector<Tensor> run(std::initializer_list<Tensor> inputs, const RunOptions& options = {}) const {
    return run(std::span<const Tensor>(inputs.begin(), inputs.size()), options);
  }

  /// The same with inputs by name, in any order. @throws Error also for a name that the model does not have, or one
  /// given twice.
  std::vector<Tensor> run(std::span<const NamedTensor> inputs, const RunOptions& options = {}) const;
  std::vector<Tensor> run(std::initializer_list<NamedTensor> inputs, const RunOptions& options = {}) const {
    return run(std::span<const NamedTensor>(inputs.begin(), inputs.size()), options);
  }

  /// Fixes shapes and buffers. The memory of tensors that are borrowed() has to outlive the binding; the binding keeps
  /// the others. Strided inputs are gathered by each run. Outputs have to be dense, writable and of the type and shape
  /// that the model gives for these inputs, and apart from each other and from the inputs that are not strided; an
  /// undefined Tensor gets memory of the binding's own. The session may go before its bindings.
  /// @throws Error as run does; unsupported where an output's shape depends on the elements of the inputs.
  Binding bind(std::span<const Tensor> inputs, std::span<const Tensor> outputs) const;
  Binding bind(std::initializer_list<Tensor> inputs, std::initializer_list<Tensor> outputs) const {
    return bind(std::span<const Tensor>(inputs.begin(), inputs.size()),
                std::span<const Tensor>(outputs.begin(), outputs.size()));
  }

  /// The same by names; an output that is not named gets memory of the binding's own.
  Binding bind(std::span<const NamedTensor> inputs, std::span<const NamedTensor> outputs) const;
  Binding bind(std::initializer_list<NamedTensor> inputs, std::initializer_list<NamedTensor> outputs) const {
    return bind(std::span<const NamedTensor>(inputs.begin(), inputs.size()),
                std::span<const NamedTensor>(outputs.begin(), outputs.size()));
  }

  /// The shapes of the outputs for inputs of these shapes. @throws Error as bind does.
  std::vector<Shape> output_shapes(std::span<const Shape> input_shapes) const;

  const Model& model() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ranvier
