#include "tools/formats/writer.h"

#include "runtime/core/error.h"
#include "tools/formats/writers.h"

namespace ranvier::formats {

std::unique_ptr<Writer> make_writer(Format format, const std::string& path, std::vector<std::string> names,
                                    const Top& top) {
  const bool one_tensor = format == Format::npy || format == Format::pb || top.count > 0;
  if (one_tensor && names.size() != 1)
    fail(ErrorCode::invalid_argument,
         "the model has {} outputs, and {} holds one: choose one with --output, or write all as npz, json or csv",
         names.size(), top.count > 0 ? "--top" : name(format));
  if (top.count > 0) return make_top_writer(format, path, std::move(names), top);
  switch (format) {
    case Format::text: return make_text_writer(path, std::move(names));
    case Format::csv: return make_csv_writer(path, std::move(names));
    case Format::json: return make_json_writer(path, std::move(names));
    case Format::npy: return make_npy_writer(path, std::move(names));
    case Format::npz: return make_npz_writer(path, std::move(names));
    case Format::pb: return make_pb_writer(path, std::move(names));
  }
  fail(ErrorCode::internal, "no such format");
}

std::int64_t row_elements(const Tensor& output) {
  Shape row = output.shape();
  if (!row.empty()) row.erase(0);
  return row.elements();
}

std::int64_t common_rows(std::span<const Tensor> outputs, const Names& names, Format format) {
  const auto rows = [&](std::size_t i) { return outputs[i].shape().empty() ? 1 : outputs[i].shape()[0]; };
  for (std::size_t i = 1; i < outputs.size(); ++i) {
    if (rows(i) != rows(0))
      fail(ErrorCode::invalid_argument,
           "outputs '{}' {} and '{}' {} have different numbers of rows, {} writes them side by side: choose one with "
           "--output, or write json or npz",
           names[0], to_string(outputs[0].shape()), names[i], to_string(outputs[i].shape()), name(format));
  }
  return outputs.empty() ? 0 : rows(0);
}

}  // namespace ranvier::formats
