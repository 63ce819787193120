// A loaded model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ranvier/custom_operator.h"
#include "ranvier/export.h"
#include "ranvier/tensor.h"

namespace ranvier {

/// One dimension of an input or output: a number of elements, or an unknown that has a name where the file gives one.
/// Dimensions of one name stand for one size, which only the nodes check that need it.
struct DimensionInfo {
  std::int64_t size = -1;  ///< -1: known only from the input's shape.
  std::string symbol;      ///< "batch", say; may be empty.
};

/// An input or output of a model, as its file declares it.
struct PortInfo {
  std::string name;
  DataType type = DataType::undefined;  ///< undefined for an output where the file does not say.
  bool ranked = false;                  ///< false: the file does not even tell the number of dimensions.
  std::vector<DimensionInfo> dimensions;
  bool optional = false;  ///< An input with a default: it need not be given.
};

/// How near to the test data beside a file a model has to compute: |got - wanted| <= atol + rtol * |wanted|, as ONNX'
/// own test runner has it.
struct SelfTest {
  double rtol = 1e-3;
  double atol = 1e-7;
};

/// What is made of a file, and what is refused.
struct ModelOptions {
  /// Fuse and fold; false keeps the graph as the file has it.
  bool optimize = true;
  /// Compute exactly the arithmetic that the file spells out, also where it gives NaN and Keras does not.
  bool strict_onnx = false;
  /// Stops optimizing after this many rewrites: bisecting finds the one that breaks a model.
  std::size_t stop_after = std::numeric_limits<std::size_t>::max();
  /// For a model that is loaded from memory: the folder its external data lies in. Empty: external data is refused.
  std::filesystem::path external_data_folder = {};
  /// Inner values that the model gives, too, by their names in the file: further outputs, after its own, in this order.
  /// What would be fused over such a value stays apart there, and nowhere else. Names of outputs change nothing; inputs
  /// and constants may be named as well. Values of a function have the name of its call before them, "call/x".
  std::vector<std::string> taps = {};
  /// Operators of the caller's own.
  std::vector<CustomOperator> operators = {};
  /// A model with more nodes is refused, those of its functions and subgraphs included.
  std::size_t node_limit = 1'000'000;
  /// A model whose file, or whose constants, take more bytes is refused before they are read. 0: no limit. What a run
  /// takes is limited by SessionOptions::memory_limit.
  std::size_t memory_limit = 0;
  /// Model::load only: runs the model on every folder test_data_set_N beside the file (input_I.pb, output_I.pb) and
  /// compares. Costs the time of these runs.
  std::optional<SelfTest> self_test = {};
};

/// A loaded, verified and optimized graph with its weights. Immutable: any number of threads and sessions may share
/// one, and copies are handles to the same model.
class RANVIER_EXPORT Model {
 public:
  /// Reads an ONNX file; external data has to lie in its folder. The files may change or go afterwards: they are read
  /// and not mapped.
  /// @throws Error io, invalid_model; unsupported with every unsupported operator of the model in one message;
  /// out_of_memory; invalid_argument for options that do not fit the model; self_test with the test set, output and
  /// element that is wrong, custom_operator. Its message begins with the file.
  static Model load(const std::filesystem::path& file, const ModelOptions& options = {});

  /// Reads a model from memory, which is not needed afterwards. @throws Error as load does.
  static Model parse(std::span<const std::byte> bytes, const ModelOptions& options = {});

  /// In the file's order. Those that are not `optional` have to be given to every run.
  const std::vector<PortInfo>& inputs() const;
  /// In the file's order, then the taps.
  const std::vector<PortInfo>& outputs() const;

  /// The position of that name in inputs() or outputs().
  /// @throws Error invalid_argument that says which names there are.
  std::size_t input_index(std::string_view name) const;
  std::size_t output_index(std::string_view name) const;

  /// The same model with these values among its outputs, as by ModelOptions::taps; their weights are shared. Weights
  /// that optimizing has changed, by a BatchNormalization it may be, are read from the file once more: they are in
  /// memory once, as they are needed.
  /// @throws Error invalid_argument with the nearest names for a value that the file does not have; io where weights
  /// are to be read and the file is gone, or has others now.
  Model tapped(std::span<const std::string> taps) const;

  /// The parts that the rest of the library works with.
  struct Parts;
  const Parts& parts() const { return *parts_; }
  explicit Model(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

 private:
  std::shared_ptr<const Parts> parts_;
};

}  // namespace ranvier
