// A loaded model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ranvier/export.h"
#include "ranvier/tensor.h"

namespace ranvier {

/// One dimension of an input or output: a number, or an unknown that has a name where the file gives one.
struct DimensionInfo {
  std::int64_t size = -1;  ///< -1: known only from the input's shape.
  std::string symbol;      ///< "batch", say; may be empty.
};

/// An input or output of a model.
struct PortInfo {
  std::string name;
  DataType type = DataType::undefined;  ///< undefined for an output where the file does not say.
  bool ranked = false;                  ///< false: the file does not even tell the number of dimensions.
  std::vector<DimensionInfo> dimensions;
  bool optional = false;  ///< An input with a default: it need not be given.
};

struct ModelOptions {
  /// Fuse and fold; false keeps the graph as the file has it.
  bool optimize = true;
  /// Compute exactly the arithmetic that the file spells out, also where it gives NaN and Keras does not.
  bool strict_onnx = false;
  /// Stops optimizing after this many rewrites: bisecting finds the one that breaks a model.
  std::size_t stop_after = std::numeric_limits<std::size_t>::max();
  /// For a model that is loaded from memory: the folder its external data lies in. Empty: external data is refused.
  std::filesystem::path external_data_folder = {};
};

/// A loaded, verified and optimized graph with its weights. Immutable: any number of threads and sessions may share
/// one, and copies are handles to the same model.
class RANVIER_EXPORT Model {
 public:
  /// Reads an ONNX file; external data has to lie in its folder.
  /// @throws Error io, invalid_model; unsupported with every unsupported operator of the model in one message.
  static Model load(const std::filesystem::path& file, const ModelOptions& options = {});

  /// Reads a model from memory, which is not needed afterwards. @throws Error as load does.
  static Model parse(std::span<const std::byte> bytes, const ModelOptions& options = {});

  /// In the file's order. Those that are not `optional` have to be given to every run.
  const std::vector<PortInfo>& inputs() const;
  /// In the file's order.
  const std::vector<PortInfo>& outputs() const;

  /// The parts that the rest of the library works with.
  struct Parts;
  const Parts& parts() const { return *parts_; }
  explicit Model(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

 private:
  std::shared_ptr<const Parts> parts_;
};

}  // namespace ranvier
