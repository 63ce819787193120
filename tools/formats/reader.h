// Reading the samples of one input, batch by batch.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "ranvier/model.h"
#include "ranvier/tensor.h"

namespace ranvier::formats {

/// The samples of one input of a model, already of its type and checked against its shape. What lies behind may be
/// larger than memory: no more than the rows asked for are held.
class Reader {
 public:
  static constexpr std::int64_t all = -1;

  virtual ~Reader() = default;

  /// The next `rows` rows as a tensor, fewer at the end, 0 after it. `all` reads the rest; what has no rows (rank 0)
  /// is read only so. @throws Error io, invalid_argument.
  virtual Tensor next(std::int64_t rows) = 0;

  /// How many rows there are in all, where that is known beforehand; a scalar has none.
  virtual std::optional<std::int64_t> rows() const = 0;

  /// How much has been read, from 0 to 1, where that is known.
  virtual std::optional<double> progress() const = 0;
};

/// The rows of a tensor in memory, which has to be of the port's type.
std::unique_ptr<Reader> read_tensor(Tensor tensor);

/// Rows [first, first + count) of a tensor, without copying.
Tensor rows_of(const Tensor& tensor, std::int64_t first, std::int64_t count);

/// Whether all dimensions fit, the first left aside where `any_rows`. @throws Error invalid_argument that names the
/// input, the expected shape and `shape`.
void check_shape(const PortInfo& port, const Shape& shape, bool any_rows = true);

/// The tensor in the port's type, its shape checked. @throws Error invalid_argument.
Tensor fitted(const PortInfo& port, const Tensor& tensor);

/// "[batch, 16]", with "?" for an unknown without a name; "of unknown rank".
std::string shape_text(const PortInfo& port);

}  // namespace ranvier::formats
