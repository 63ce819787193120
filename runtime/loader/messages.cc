#include "runtime/loader/messages.h"

#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/unknown_field_set.h>

#include <limits>

#include "runtime/core/error.h"

namespace ranvier::loader {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::LogSilencer;
using google::protobuf::Message;
using google::protobuf::UnknownField;

constexpr auto most_bytes = static_cast<std::size_t>(std::numeric_limits<int>::max());

/// Calls `use` with the bytes of each field of that number that the definitions do not know.
template <class Use>
void for_each_unknown(const Message& message, int number, const Use& use) {
  const auto& fields = message.GetReflection()->GetUnknownFields(message);
  for (int i = 0; i < fields.field_count(); ++i)
    if (fields.field(i).number() == number && fields.field(i).type() == UnknownField::TYPE_LENGTH_DELIMITED)
      use(fields.field(i).length_delimited());
}

}  // namespace

bool parse(Message& message, std::span<const std::byte> bytes) {
  if (bytes.size() > most_bytes)
    fail(ErrorCode::unsupported, "{} bytes: protobuf reads at most 2 GiB, larger models keep weights as external data",
         bytes.size());
  const LogSilencer silence;
  try {
    return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  } catch (const google::protobuf::FatalException&) {
    return false;
  }
}

std::string serialize(const Message& message) {
  const LogSilencer silence;
  std::string bytes;
  if (message.ByteSizeLong() > most_bytes || !message.SerializeToString(&bytes))
    fail(ErrorCode::unsupported, "protobuf writes at most 2 GiB, {} bytes are needed", message.ByteSizeLong());
  return bytes;
}

std::string string_field(const Message& message, int number) {
  if (const FieldDescriptor* field = message.GetDescriptor()->FindFieldByNumber(number))
    return message.GetReflection()->GetString(message, field);
  std::string last;
  for_each_unknown(message, number, [&](const std::string& bytes) { last = bytes; });
  return last;
}

std::vector<onnx::AttributeProto> attribute_fields(const Message& message, int number) {
  std::vector<onnx::AttributeProto> attributes;
  if (const FieldDescriptor* field = message.GetDescriptor()->FindFieldByNumber(number)) {
    const auto* reflection = message.GetReflection();
    for (int i = 0; i < reflection->FieldSize(message, field); ++i)
      attributes.emplace_back().CopyFrom(reflection->GetRepeatedMessage(message, field, i));
    return attributes;
  }
  for_each_unknown(message, number, [&](const std::string& bytes) {
    if (!parse(attributes.emplace_back(), std::as_bytes(std::span(bytes))))
      fail(ErrorCode::invalid_model, "an attribute with a default cannot be read");
  });
  return attributes;
}

}  // namespace ranvier::loader
