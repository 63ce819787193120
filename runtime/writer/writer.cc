#include "runtime/writer/writer.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <map>

#include "runtime/core/error.h"
#include "runtime/writer/graph_proto.h"
#include "runtime/writer/standard.h"

namespace ranvier::writer {
namespace {

using graph::Graph;

/// The IR versions that have initializers which are no inputs, and functions.
constexpr std::int64_t least_ir_version = 4;
constexpr std::int64_t least_ir_version_with_functions = 8;

std::size_t bytes_of_constants(const Graph& graph) {
  std::size_t sum = 0;
  for (const graph::Value& value : graph.values)
    if (value.constant) sum += value.constant->bytes();
  return sum;
}

/// Adds the version of each domain that nodes are of, but for ONNX' own.
void add_domains(const Graph& graph, std::map<std::string, std::int64_t>& versions) {
  for (const graph::Node& node : graph.nodes) {
    if (!node.domain.empty()) {
      std::int64_t& version = versions[node.domain];
      version = std::max(version, node.version);
    }
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* subgraph = std::get_if<graph::Subgraph>(&attribute)) add_domains(*subgraph->graph, versions);
  }
}

/// What protobuf writes to, in front of a Sink. No exception passes through protobuf.
class SinkStream : public google::protobuf::io::CopyingOutputStream {
 public:
  explicit SinkStream(const Sink& sink) : sink_(sink) {}

  bool Write(const void* bytes, int count) override {
    try {
      sink_({static_cast<const char*>(bytes), static_cast<std::size_t>(count)});
      return true;
    } catch (...) {
      thrown_ = std::current_exception();
      return false;
    }
  }
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  const Sink& sink_;
  std::exception_ptr thrown_;
};

}  // namespace

struct Document::Parts {
  onnx::ModelProto model;
  ExternalFile external;
  std::int64_t opset = 0;
};

Document::Document(const loader::LoadedModel& file, const Graph& graph, const Options& options)
    : parts_(std::make_unique<Parts>()) {
  if (!file.not_held.empty()) fail(ErrorCode::unsupported, "{}", fmt::join(file.not_held, "\n"));
  const auto own = file.opsets.find("");
  const Standard standard = standardize(graph, own == file.opsets.end() ? 1 : own->second);
  parts_->opset = standard.opset;
  onnx::ModelProto& model = parts_->model;
  model.set_ir_version(
      std::max(file.ir_version, standard.functions.empty() ? least_ir_version : least_ir_version_with_functions));
  model.set_producer_name("ranvier");
  model.set_producer_version(options.producer_version);
  if (!file.domain.empty()) model.set_domain(file.domain);
  if (file.model_version != 0) model.set_model_version(file.model_version);
  if (!file.description.empty()) model.set_doc_string(file.description);
  for (const auto& [key, value] : file.metadata) {
    onnx::StringStringEntryProto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  }
  std::map<std::string, std::int64_t> versions;
  add_domains(standard.graph, versions);
  if (own != file.opsets.end()) versions[""] = standard.opset;
  for (const auto& [domain, version] : versions) {
    onnx::OperatorSetIdProto& import = *model.add_opset_import();
    import.set_domain(domain);
    import.set_version(version);
  }
  for (const Function& function : standard.functions) *model.add_functions() = function_proto(function, standard.opset);
  if (bytes_of_constants(standard.graph) > options.most_bytes_inside) parts_->external.name = options.external_file;
  writer::write(standard.graph, file.graph, parts_->external, *model.mutable_graph());
}

Document::~Document() = default;

std::size_t Document::nodes() const { return static_cast<std::size_t>(parts_->model.graph().node_size()); }

std::vector<std::string> Document::functions() const {
  std::vector<std::string> names;
  for (const auto& function : parts_->model.functions()) names.push_back(function.name());
  return names;
}

std::int64_t Document::opset() const { return parts_->opset; }

bool Document::has_external() const { return !parts_->external.pieces.empty(); }

void Document::write_external(const Sink& sink) const {
  std::size_t written = 0;
  for (const auto& [offset, tensor] : parts_->external.pieces) {
    sink(std::string(offset - written, '\0'));
    sink({static_cast<const char*>(tensor.data()), tensor.bytes()});
    written = offset + tensor.bytes();
  }
}

void Document::write(const Sink& sink) const {
  if (parts_->model.ByteSizeLong() > std::numeric_limits<int>::max())
    fail(ErrorCode::unsupported, "protobuf writes at most 2 GiB, {} bytes are needed", parts_->model.ByteSizeLong());
  SinkStream stream(sink);
  bool good = false;
  {
    google::protobuf::io::CopyingOutputStreamAdaptor adaptor(&stream);
    good = parts_->model.SerializeToZeroCopyStream(&adaptor) && adaptor.Flush();
  }
  stream.rethrow();
  if (!good) fail(ErrorCode::internal, "protobuf did not write the model");
}

}  // namespace ranvier::writer
