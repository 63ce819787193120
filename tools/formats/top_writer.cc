#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/core/data_type.h"
#include "runtime/core/error.h"
#include "tools/formats/csv.h"
#include "tools/formats/json.h"
#include "tools/formats/number_text.h"
#include "tools/formats/writers.h"

namespace ranvier::formats {
namespace {

class TopWriter : public Writer {
 public:
  TopWriter(Format format, const std::string& path, std::string name, Top top)
      : format_(format), name_(std::move(name)), top_(std::move(top)), file_(path) {}

  void write(std::span<const Tensor> outputs) override {
    const Tensor& scores = outputs[0];
    check(scores);
    const std::int64_t classes = scores.shape()[1];
    if (!started_) begin(std::min(top_.count, classes));
    for (std::int64_t row = 0; row < scores.shape()[0]; ++row) put(scores, row * classes, best(scores, row * classes));
    file_.flush();
  }

  void finish() override {
    if (format_ == Format::json) file_.write("\n]}\n");
    file_.commit();
  }

 private:
  void check(const Tensor& scores) const {
    if (!TypeSet(NumericTypes::set | BoolType::set).contains(scores.type()))
      fail(ErrorCode::invalid_argument, "--top: output '{}' has type {}, numbers are expected", name_,
           name(scores.type()));
    if (scores.shape().rank() != 2)
      fail(ErrorCode::invalid_argument, "--top: expected an output of shape [rows, classes], '{}' has {}", name_,
           to_string(scores.shape()));
    const auto classes = static_cast<std::size_t>(scores.shape()[1]);
    if (!top_.labels.empty() && top_.labels.size() != classes)
      fail(ErrorCode::invalid_argument, "--labels: expected {} labels, one for each class of output '{}', got {}",
           classes, name_, top_.labels.size());
  }

  /// The classes of a row with the greatest values, NaN last, the first of equals first.
  std::vector<std::int64_t> best(const Tensor& scores, std::int64_t first) const {
    const std::int64_t classes = scores.shape()[1];
    std::vector<double> values;
    for (std::int64_t i = 0; i < classes; ++i)
      values.push_back(std::visit([](auto value) { return static_cast<double>(value); }, element(scores, first + i)));
    std::vector<std::int64_t> order(static_cast<std::size_t>(classes));
    std::iota(order.begin(), order.end(), 0);
    const auto kept = order.begin() + std::min(top_.count, classes);
    std::partial_sort(order.begin(), kept, order.end(), [&](std::int64_t a, std::int64_t b) {
      const double x = values[static_cast<std::size_t>(a)];
      const double y = values[static_cast<std::size_t>(b)];
      if (std::isnan(x) || std::isnan(y)) return std::isnan(x) == std::isnan(y) ? a < b : std::isnan(y);
      return x == y ? a < b : x > y;
    });
    order.erase(kept, order.end());
    return order;
  }

  std::string label(std::int64_t index) const {
    return top_.labels.empty() ? std::to_string(index) : top_.labels[static_cast<std::size_t>(index)];
  }

  void begin(std::int64_t count) {
    started_ = true;
    if (format_ == Format::json) file_.write("{" + json_string(name_) + ": [");
    if (format_ != Format::csv) return;
    for (std::int64_t k = 1; k <= count; ++k) file_.write(fmt::format("{0}top{1},score{1}", k == 1 ? "" : ",", k));
    file_.write("\n");
  }

  void put(const Tensor& scores, std::int64_t first, const std::vector<std::int64_t>& order) {
    std::string line;
    if (format_ == Format::text) line = fmt::format("{:5}", row_);
    if (format_ == Format::json) line = row_ == 0 ? "\n[" : ",\n[";
    for (std::size_t k = 0; k < order.size(); ++k) {
      const std::string_view separator = k == 0 ? "" : format_ == Format::json ? ", " : ",";
      if (format_ == Format::text) {
        line += fmt::format("  {} ", label(order[k]));
        append_element(line, scores, first + order[k], 4);
      } else if (format_ == Format::csv) {
        line += fmt::format("{}{},", separator, csv_field(label(order[k])));
        append_element(line, scores, first + order[k]);
      } else {
        line += fmt::format("{}{{\"class\": {}, ", separator, order[k]);
        if (!top_.labels.empty()) line += fmt::format("\"label\": {}, ", json_string(label(order[k])));
        line += "\"score\": ";
        append_json_element(line, scores, first + order[k]);
        line += '}';
      }
    }
    if (format_ == Format::json) line += ']';
    if (format_ != Format::json) line += '\n';
    file_.write(line);
    ++row_;
  }

  Format format_;
  std::string name_;
  Top top_;
  OutputFile file_;
  bool started_ = false;
  std::int64_t row_ = 0;
};

}  // namespace

std::unique_ptr<Writer> make_top_writer(Format format, const std::string& path, Names names, Top top) {
  if (binary(format))
    fail(ErrorCode::invalid_argument, "--top writes text, csv or json, not {}", formats::name(format));
  return std::make_unique<TopWriter>(format, path, names[0], std::move(top));
}

}  // namespace ranvier::formats
