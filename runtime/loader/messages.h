// The definitions of the ONNX format, and what reading them needs beyond what protobuf generates.
#pragma once

#include <onnx/onnx.pb.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "runtime/loader/file.h"

namespace ranvier::loader {

/// Reads `message` from its serialized form; false where the bytes are not one. Protobuf's log stays silent: while this
/// runs, its messages of other threads go nowhere either, which is all the global state that is touched.
/// @throws Error unsupported for more bytes than protobuf takes (2 GiB).
bool parse(google::protobuf::MessageLite& message, std::span<const std::byte> bytes);

/// The same from a file. @throws Error as above, io where it cannot be read.
bool parse(google::protobuf::MessageLite& message, const File& file);

/// The serialized form. @throws Error unsupported where it would exceed 2 GiB.
std::string serialize(const google::protobuf::MessageLite& message);

/// A field that the definitions do not know, or whose value they do not.
struct UnknownField {
  int number = 0;
  std::string bytes;  ///< Empty for numbers.
};

/// Those of a message, from its unknown_fields().
std::vector<UnknownField> unknown_fields(const std::string& unknown);

// What the installed definitions may be too old to know.

/// The field `overload`, which tells functions of one name apart.
std::string overload(const onnx::FunctionProto& function);
std::string overload(const onnx::NodeProto& call);

/// The attributes of a function that have a default. @throws Error invalid_model where one cannot be read.
std::vector<onnx::AttributeProto> default_attributes(const onnx::FunctionProto& function);

}  // namespace ranvier::loader
