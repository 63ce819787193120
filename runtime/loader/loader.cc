#include "runtime/loader/loader.h"

#include <google/protobuf/arena.h>

#include <new>
#include <optional>

#include "runtime/core/error.h"
#include "runtime/loader/builder.h"
#include "runtime/loader/mapped_file.h"
#include "runtime/loader/messages.h"
#include "runtime/loader/tensors.h"
#include "runtime/loader/unsupported.h"

namespace ranvier::loader {
namespace {

void read(onnx::ModelProto& model, std::span<const std::byte> bytes, const Options& options) {
  if (options.memory_limit != 0 && bytes.size() > options.memory_limit)
    fail(ErrorCode::out_of_memory, "the model has {} bytes, the limit is {}", bytes.size(), options.memory_limit);
  if (bytes.empty()) fail(ErrorCode::invalid_model, "the file is empty, expected an ONNX model");
  if (!parse(model, bytes))
    fail(ErrorCode::invalid_model, "not an ONNX model, or a truncated one: its {} bytes cannot be read", bytes.size());
  if (!model.has_graph()) fail(ErrorCode::invalid_model, "not an ONNX model: it holds no graph");
}

LoadedModel convert(onnx::ModelProto& proto, const std::filesystem::path& folder, const Options& options) {
  LoadedModel loaded;
  loaded.ir_version = proto.ir_version();
  loaded.producer = proto.producer_name();
  loaded.producer_version = proto.producer_version();
  loaded.domain = proto.domain();
  loaded.model_version = proto.model_version();
  loaded.description = proto.doc_string();
  loaded.opsets = Opsets(proto).all();
  for (const auto& pair : proto.metadata_props()) loaded.metadata.emplace_back(pair.key(), pair.value());
  TensorReader tensors(folder, options.memory_limit);
  Builder builder(proto, tensors, options);
  loaded.graph = builder.build(*proto.mutable_graph());
  loaded.unsupported = unsupported_operators(loaded.graph, options.operators);
  for (std::string& line : unsupported_ports(loaded.graph)) loaded.unsupported.push_back(std::move(line));
  for (const auto& [line, is_known] : builder.attributes_not_held()) {
    if (is_known) loaded.unsupported.push_back(line);
    loaded.not_held.push_back(line);
  }
  return loaded;
}

/// Calls `function`; running out of memory becomes an Error.
template <class Function>
LoadedModel guarded(const Function& function) {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    fail(ErrorCode::out_of_memory, "there is not enough memory to load the model");
  }
}

}  // namespace

LoadedModel load_file(const std::filesystem::path& file, const Options& options) {
  try {
    return guarded([&] {
      google::protobuf::Arena arena;
      auto* proto = google::protobuf::Arena::CreateMessage<onnx::ModelProto>(&arena);
      read(*proto, MappedFile(file).bytes(), options);
      return convert(*proto, file.has_parent_path() ? file.parent_path() : std::filesystem::path("."), options);
    });
  } catch (const Error& error) {
    throw error.within(file.string());
  }
}

LoadedModel load_bytes(std::span<const std::byte> bytes, const std::filesystem::path& external_data_folder,
                       const Options& options) {
  return guarded([&] {
    google::protobuf::Arena arena;
    auto* proto = google::protobuf::Arena::CreateMessage<onnx::ModelProto>(&arena);
    read(*proto, bytes, options);
    return convert(*proto, external_data_folder, options);
  });
}

}  // namespace ranvier::loader
