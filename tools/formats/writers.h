// The writers of make_writer, one for each way to lay out outputs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/formats/writer.h"

namespace ranvier::formats {

using Names = std::vector<std::string>;

/// A table for people: a line for each sample, floating-point numbers to six digits, long rows cut off.
std::unique_ptr<Writer> make_text_writer(const std::string& path, Names names);
/// A header, then a line for each sample with the elements of all outputs.
std::unique_ptr<Writer> make_csv_writer(const std::string& path, Names names);
/// An object with a nested list for each output.
std::unique_ptr<Writer> make_json_writer(const std::string& path, Names names);
/// One output.
std::unique_ptr<Writer> make_npy_writer(const std::string& path, Names names);
std::unique_ptr<Writer> make_npz_writer(const std::string& path, Names names);
/// One output, as ONNX' TensorProto; held in memory as a whole.
std::unique_ptr<Writer> make_pb_writer(const std::string& path, Names names);
/// The best classes of each row of one output, as text, csv or json.
std::unique_ptr<Writer> make_top_writer(Format format, const std::string& path, Names names, Top top);

/// The rows of outputs that are written side by side: their first dimension, 1 for scalars. @throws Error
/// invalid_argument where they do not agree.
std::int64_t common_rows(std::span<const Tensor> outputs, const Names& names, Format format);

/// How many elements a row of the output has.
std::int64_t row_elements(const Tensor& output);

}  // namespace ranvier::formats
