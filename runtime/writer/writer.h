// From a Graph to an ONNX file that every runtime reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/loader/loader.h"

namespace ranvier::writer {

struct Options {
  std::string producer_version = {};  ///< Of Ranvier, which is named as the producer.
  /// The name of a file in the model's folder for the elements of large constants; see Document::write_external.
  std::string external_file = {};
  /// It is used where all constants take more bytes than this: protobuf reads no file of 2 GiB or more.
  std::size_t most_bytes_inside = 2'000'000'000;
};

/// Takes the bytes of a file, piece by piece.
using Sink = std::function<void(std::string_view)>;

/// A model in the format, ready to be written. All nodes are ONNX' own operators, those of the file that nobody here
/// knows, or calls of functions of the domain "ranvier" that the model brings along: what ONNX, or the file's opset,
/// has no operator for.
class Document {
 public:
  /// The graph is what became of that of `file`, whose names, opset, IR version, descriptions and metadata it keeps; a
  /// newer opset or IR version only where the graph cannot be written otherwise.
  /// @throws Error unsupported for what cannot be written: see standardize(), and LoadedModel::not_held.
  Document(const loader::LoadedModel& file, const graph::Graph& graph, const Options& options = {});
  ~Document();

  std::size_t nodes() const;                   ///< Of the model's graph, without those of subgraphs and functions.
  std::vector<std::string> functions() const;  ///< Their names.
  std::int64_t opset() const;                  ///< Of ONNX' own operators.

  /// Whether there is an external file.
  bool has_external() const;
  /// Hands over the contents of the external file, then those of the model's. @throws Error unsupported for 2 GiB and
  /// more, and what the sink throws.
  void write_external(const Sink& sink) const;
  void write(const Sink& sink) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ranvier::writer
