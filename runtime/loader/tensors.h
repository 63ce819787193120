// From the format's tensors to Tensors.
#pragma once

#include <cstddef>
#include <filesystem>

#include "ranvier/tensor.h"
#include "runtime/loader/external_data.h"
#include "runtime/loader/messages.h"

namespace ranvier::loader {

/// The DataType with that number in the format. @throws Error invalid_model for none, unsupported for an unknown one.
DataType data_type(std::int32_t number);

/// Writes type, shape and elements, which need no reader's state.
void store(const Tensor& tensor, onnx::TensorProto& proto);

/// Reads the tensors of one model. What a tensor says about its size has to agree with the elements that are there
/// before anything is allocated.
class TensorReader {
 public:
  /// `folder`: where external data lies; empty refuses it. `memory_limit`: the most bytes that all tensors together may
  /// take; 0: no limit.
  explicit TensorReader(std::filesystem::path folder, std::size_t memory_limit = 0)
      : external_(std::move(folder)), memory_limit_(memory_limit) {}

  /// Elements in any of the format's encodings. Those of the same place in an external file are read once.
  /// @throws Error invalid_model, unsupported, io; the message begins with the tensor's name.
  Tensor dense(const onnx::TensorProto& proto);

  /// The same, and the tensor may keep the message's raw_data, which is gone from it then.
  Tensor take(onnx::TensorProto& proto);

  /// A sparse tensor made dense. All sparse tensors of the model together may grow to 64 MiB plus 256 times their
  /// stored size, so that no small file can ask for all memory. @throws Error as dense does.
  Tensor sparse(const onnx::SparseTensorProto& proto);

 private:
  Tensor read_dense(const onnx::TensorProto& proto);
  Tensor read_sparse(const onnx::SparseTensorProto& proto);
  Tensor read_external(const onnx::TensorProto& proto, DataType type, const Shape& shape);
  /// Counts the bytes of a tensor before it is read. @throws Error out_of_memory beyond the limit.
  void charge(DataType type, const Shape& shape);

  ExternalData external_;
  const std::size_t memory_limit_;
  std::size_t charged_ = 0;
  std::size_t sparse_allowance_ = std::size_t{64} << 20;
};

}  // namespace ranvier::loader
