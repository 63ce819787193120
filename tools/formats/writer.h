// Writing the outputs of runs.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ranvier/tensor.h"
#include "tools/formats/format.h"
#include "tools/formats/output_file.h"

namespace ranvier::formats {

/// Writes outputs batch by batch; no more than a batch is held.
class Writer {
 public:
  virtual ~Writer() = default;

  /// One tensor for each output. Where this is called more than once, the first dimension of each is the rows of the
  /// batch. @throws Error io; invalid_argument, unsupported where the format cannot hold them.
  virtual void write(std::span<const Tensor> outputs) = 0;

  /// Completes the file, of which nothing is left behind otherwise. @throws Error io.
  virtual void finish() = 0;
};

/// The best classes of each row instead of all values.
struct Top {
  std::int64_t count = 0;           ///< How many; 0: all values.
  std::vector<std::string> labels;  ///< The names of the classes; empty: their numbers.
};

/// A writer to `path` ("-": standard output) for outputs of these names. @throws Error io; invalid_argument where the
/// format cannot hold several outputs, or top classes.
std::unique_ptr<Writer> make_writer(Format format, const std::string& path, std::vector<std::string> names,
                                    const Top& top = {});

}  // namespace ranvier::formats
