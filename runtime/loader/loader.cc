#include "runtime/loader/loader.h"

#include <google/protobuf/arena.h>

#include <new>
#include <optional>

#include "runtime/core/error.h"
#include "runtime/loader/builder.h"
#include "runtime/loader/file.h"
#include "runtime/loader/messages.h"
#include "runtime/loader/tensors.h"
#include "runtime/loader/unsupported.h"

namespace ranvier::loader {
namespace {

/// `source` is the model's bytes or its File.
template <class Source>
void read(onnx::ModelProto& model, const Source& source, const Options& options) {
  if (options.memory_limit != 0 && source.size() > options.memory_limit)
    fail(ErrorCode::out_of_memory, "the model has {} bytes, the limit is {}", source.size(), options.memory_limit);
  if (source.size() == 0) fail(ErrorCode::invalid_model, "the file is empty, expected an ONNX model");
  if (!parse(model, source))
    fail(ErrorCode::invalid_model, "not an ONNX model, or a truncated one: its {} bytes cannot be read", source.size());
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
      read(*proto, File(file), options);
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
