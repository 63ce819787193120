// The definitions of the ONNX format, and what reading them needs beyond what protobuf generates.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#ifndef ONNX_ML
#define ONNX_ML 1
#endif
#ifndef ONNX_NAMESPACE
#define ONNX_NAMESPACE onnx
#endif
#include <onnx/onnx_pb.h>

namespace ranvier::loader {

/// Reads `message` from its serialized form; false where the bytes are not one. Protobuf's log stays silent: while this
/// runs, its messages of other threads go nowhere either, which is all the global state that is touched.
/// @throws Error unsupported for more bytes than protobuf takes (2 GiB).
bool parse(google::protobuf::Message& message, std::span<const std::byte> bytes);

/// The serialized form. @throws Error unsupported where it would exceed 2 GiB.
std::string serialize(const google::protobuf::Message& message);

/// A string field that the installed definitions may be too old to know.
std::string string_field(const google::protobuf::Message& message, int number);

/// The same for a repeated field of attributes. @throws Error invalid_model where one cannot be read.
std::vector<onnx::AttributeProto> attribute_fields(const google::protobuf::Message& message, int number);

}  // namespace ranvier::loader
