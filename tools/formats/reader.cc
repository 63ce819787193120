#include "tools/formats/reader.h"

#include <algorithm>

#include "runtime/core/error.h"
#include "tools/formats/convert.h"

namespace ranvier::formats {
namespace {

class TensorReader : public Reader {
 public:
  explicit TensorReader(Tensor tensor) : tensor_(std::move(tensor)) {}

  Tensor next(std::int64_t count) override {
    if (tensor_.shape().empty()) return tensor_;
    const std::int64_t left = tensor_.shape()[0] - done_;
    if (count == all || count > left) count = left;
    done_ += count;
    return rows_of(tensor_, done_ - count, count);
  }

  std::optional<std::int64_t> rows() const override {
    if (tensor_.shape().empty()) return std::nullopt;
    return tensor_.shape()[0];
  }

  std::optional<double> progress() const override {
    if (tensor_.shape().empty() || tensor_.shape()[0] == 0) return std::nullopt;
    return static_cast<double>(done_) / static_cast<double>(tensor_.shape()[0]);
  }

 private:
  Tensor tensor_;
  std::int64_t done_ = 0;
};

}  // namespace

std::unique_ptr<Reader> read_tensor(Tensor tensor) { return std::make_unique<TensorReader>(std::move(tensor)); }

Tensor rows_of(const Tensor& tensor, std::int64_t first, std::int64_t count) {
  if (first == 0 && count == tensor.shape()[0]) return tensor;
  Shape row = tensor.shape();
  row[0] = 1;
  const std::size_t row_bits = static_cast<std::size_t>(row.elements()) * bits(tensor.type());
  if (row_bits % 8 != 0)
    fail(ErrorCode::unsupported, "rows of {} elements that share bytes cannot be taken apart", name(tensor.type()));
  Shape shape = tensor.shape();
  shape[0] = count;
  const char* data = static_cast<const char*>(tensor.data()) + static_cast<std::size_t>(first) * (row_bits / 8);
  return Tensor::view(tensor.type(), static_cast<const void*>(data), shape, std::make_shared<Tensor>(tensor));
}

std::string shape_text(const PortInfo& port) {
  if (!port.ranked) return "of unknown rank";
  std::vector<std::string> dims;
  for (const DimensionInfo& dim : port.dimensions)
    dims.push_back(dim.size >= 0 ? std::to_string(dim.size) : dim.symbol.empty() ? "?" : dim.symbol);
  return fmt::format("[{}]", fmt::join(dims, ", "));
}

void check_shape(const PortInfo& port, const Shape& shape, bool any_rows) {
  if (!port.ranked) return;
  bool fits = shape.rank() == port.dimensions.size();
  for (std::size_t axis = any_rows ? 1 : 0; fits && axis < shape.rank(); ++axis)
    fits = port.dimensions[axis].size < 0 || port.dimensions[axis].size == shape[axis];
  if (!fits)
    fail(ErrorCode::invalid_argument, "input '{}': expected shape {}, got {}", port.name, shape_text(port),
         to_string(shape));
}

Tensor fitted(const PortInfo& port, const Tensor& tensor) {
  check_shape(port, tensor.shape());
  try {
    return converted(tensor, port.type);
  } catch (const Error& error) {
    throw error.within(fmt::format("input '{}'", port.name));
  }
}

}  // namespace ranvier::formats
