#include "runtime/core/error.h"
#include "runtime/core/shape.h"
#include "tools/formats/csv.h"
#include "tools/formats/number_text.h"
#include "tools/formats/writers.h"

namespace ranvier::formats {
namespace {

/// "scores_3", "map_0_2": an output's name and the indices within a row; the name alone where a row is one element.
std::string column_name(const std::string& name, const Tensor& output, std::int64_t element) {
  if (row_elements(output) == 1) return name;
  Shape row = output.shape();
  row.erase(0);
  const Shape indices = place(row, element);
  return fmt::format("{}_{}", name, fmt::join(indices.begin(), indices.end(), "_"));
}

class CsvWriter : public Writer {
 public:
  CsvWriter(const std::string& path, Names names) : file_(path), names_(std::move(names)) {}

  void write(std::span<const Tensor> outputs) override {
    const std::int64_t rows = common_rows(outputs, names_, Format::csv);
    std::string text;
    if (!started_) header(text, outputs);
    started_ = true;
    for (std::int64_t row = 0; row < rows; ++row) {
      bool first = true;
      for (const Tensor& output : outputs) {
        const std::int64_t count = row_elements(output);
        for (std::int64_t i = row * count; i < (row + 1) * count; ++i) {
          if (!first) text += ',';
          first = false;
          append_field(text, output, i);
        }
      }
      text += '\n';
      if (text.size() > (1 << 16)) {
        file_.write(text);
        text.clear();
      }
    }
    file_.write(text);
  }

  void finish() override { file_.commit(); }

 private:
  void header(std::string& text, std::span<const Tensor> outputs) const {
    bool first = true;
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      for (std::int64_t i = 0; i < row_elements(outputs[k]); ++i) {
        if (!first) text += ',';
        first = false;
        text += csv_field(column_name(names_[k], outputs[k], i));
      }
    }
    text += '\n';
  }

  static void append_field(std::string& text, const Tensor& output, std::int64_t i) {
    if (output.type() == DataType::string) {
      text += csv_field(output.values<std::string>()[static_cast<std::size_t>(i)]);
    } else {
      append_element(text, output, i);
    }
  }

  OutputFile file_;
  Names names_;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_csv_writer(const std::string& path, Names names) {
  return std::make_unique<CsvWriter>(path, std::move(names));
}

}  // namespace ranvier::formats
