#include "runtime/loader/messages.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/wire_format_lite.h>

#include <limits>
#include <system_error>

#include "runtime/core/error.h"

namespace ranvier::loader {
namespace {

using google::protobuf::LogSilencer;
using google::protobuf::MessageLite;
using google::protobuf::internal::WireFormatLite;

constexpr auto most_bytes = static_cast<std::size_t>(std::numeric_limits<int>::max());

// Fields that are newer than the definitions of onnx 1.12.
constexpr int node_overload = 8;
constexpr int function_attributes = 11;
constexpr int function_overload = 13;

template <class Message>
std::string overload(const Message& message, int field) {
  if constexpr (requires { message.overload(); }) {
    return message.overload();
  } else {
    std::string last;
    for (UnknownField& unknown : unknown_fields(message.unknown_fields()))
      if (unknown.number == field) last = std::move(unknown.bytes);
    return last;
  }
}

template <class Message>
std::vector<onnx::AttributeProto> default_attributes(const Message& function, int field) {
  std::vector<onnx::AttributeProto> attributes;
  if constexpr (requires { function.attribute_proto(); }) {
    attributes.assign(function.attribute_proto().begin(), function.attribute_proto().end());
  } else {
    for (const UnknownField& unknown : unknown_fields(function.unknown_fields()))
      if (unknown.number == field && !parse(attributes.emplace_back(), std::as_bytes(std::span(unknown.bytes))))
        fail(ErrorCode::invalid_model, "an attribute with a default cannot be read");
  }
  return attributes;
}

void check_size(std::size_t bytes) {
  if (bytes > most_bytes)
    fail(ErrorCode::unsupported, "{} bytes: protobuf reads at most 2 GiB, larger models keep weights as external data",
         bytes);
}

/// What `function` returns; false where protobuf gives up.
template <class Function>
bool guarded(const Function& function) {
  const LogSilencer silence;
  try {
    return function();
  } catch (const google::protobuf::FatalException&) {
    return false;
  }
}

}  // namespace

bool parse(MessageLite& message, std::span<const std::byte> bytes) {
  check_size(bytes.size());
  return guarded([&] { return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())); });
}

bool parse(MessageLite& message, const File& file) {
  check_size(file.size());
  constexpr int block = 64 << 10;  // bytes read at once, which stay in the nearest caches until they are copied
  google::protobuf::io::FileInputStream stream(file.descriptor(), block);
  const bool parsed =
      guarded([&] { return message.ParseFromBoundedZeroCopyStream(&stream, static_cast<int>(file.size())); });
  if (stream.GetErrno() != 0)
    fail(ErrorCode::io, "cannot read the file: {}", std::generic_category().message(stream.GetErrno()));
  return parsed;
}

std::string serialize(const MessageLite& message) {
  const LogSilencer silence;
  std::string bytes;
  if (message.ByteSizeLong() > most_bytes || !message.SerializeToString(&bytes))
    fail(ErrorCode::unsupported, "protobuf writes at most 2 GiB, {} bytes are needed", message.ByteSizeLong());
  return bytes;
}

std::vector<UnknownField> unknown_fields(const std::string& unknown) {
  std::vector<UnknownField> fields;
  google::protobuf::io::CodedInputStream input(reinterpret_cast<const std::uint8_t*>(unknown.data()),
                                               static_cast<int>(unknown.size()));
  while (const std::uint32_t tag = input.ReadTag()) {
    UnknownField& field = fields.emplace_back();
    field.number = WireFormatLite::GetTagFieldNumber(tag);
    const bool is_bytes = WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    // Protobuf has read these bytes before, so they can be read again.
    if (!(is_bytes ? WireFormatLite::ReadBytes(&input, &field.bytes) : WireFormatLite::SkipField(&input, tag))) break;
  }
  return fields;
}

std::string overload(const onnx::FunctionProto& function) { return overload(function, function_overload); }
std::string overload(const onnx::NodeProto& call) { return overload(call, node_overload); }

std::vector<onnx::AttributeProto> default_attributes(const onnx::FunctionProto& function) {
  return default_attributes(function, function_attributes);
}

}  // namespace ranvier::loader
