#include <algorithm>

#include "runtime/core/error.h"
#include "runtime/core/shape.h"
#include "tools/formats/number_text.h"
#include "tools/formats/writers.h"

namespace ranvier::formats {
namespace {

constexpr std::int64_t most_columns = 32;
constexpr std::size_t narrowest = 11;
constexpr int digits = 6;

class TextWriter : public Writer {
 public:
  TextWriter(const std::string& path, Names names) : file_(path), names_(std::move(names)) {}

  void write(std::span<const Tensor> outputs) override {
    const bool side_by_side = std::all_of(outputs.begin(), outputs.end(), [&](const Tensor& output) {
      return !output.shape().empty() && !outputs[0].shape().empty() && output.shape()[0] == outputs[0].shape()[0];
    });
    if (side_by_side) {
      table(outputs, names_);
    } else {
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        done_ = 0;  // a table of its own
        table(outputs.subspan(k, 1), {names_[k]});
      }
    }
    file_.flush();
  }

  void finish() override { file_.commit(); }

 private:
  /// One column for each element of a row: of which output, and which element.
  struct Column {
    const Tensor* output;
    std::int64_t element;
    std::size_t width;
  };

  void table(std::span<const Tensor> outputs, const Names& names) {
    std::vector<Column> columns;
    std::int64_t left_out = 0;
    std::string header = "  row";
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      for (std::int64_t i = 0; i < row_elements(outputs[k]); ++i) {
        if (static_cast<std::int64_t>(columns.size()) == most_columns) {
          left_out += row_elements(outputs[k]) - i;
          break;
        }
        const std::string title = names[k] + indices(outputs[k], i);
        columns.push_back({&outputs[k], i, std::max(narrowest, title.size())});
        header += fmt::format("  {:>{}}", title, columns.back().width);
      }
    }
    if (done_ == 0) file_.write(header + "\n");
    const std::string rest = left_out == 0 ? "" : fmt::format("  ... {} more (--format csv writes all)", left_out);
    rows(columns, common_rows(outputs, names, Format::text), rest);
  }

  void rows(const std::vector<Column>& columns, std::int64_t count, const std::string& rest) {
    for (std::int64_t row = 0; row < count; ++row) {
      std::string line = fmt::format("{:5}", done_ + row);
      for (const Column& column : columns) {
        std::string value;
        append_element(value, *column.output, row * row_elements(*column.output) + column.element, digits);
        line += fmt::format("  {:>{}}", value, column.width);
      }
      file_.write(line + rest + "\n");
    }
    done_ += count;
  }

  static std::string indices(const Tensor& output, std::int64_t element) {
    if (row_elements(output) == 1) return "";
    Shape row = output.shape();
    row.erase(0);
    const Shape at = place(row, element);
    return fmt::format("[{}]", fmt::join(at.begin(), at.end(), ","));
  }

  OutputFile file_;
  Names names_;
  std::int64_t done_ = 0;
};

}  // namespace

std::unique_ptr<Writer> make_text_writer(const std::string& path, Names names) {
  return std::make_unique<TextWriter>(path, std::move(names));
}

}  // namespace ranvier::formats
