// What the inputs of a model are read from.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ranvier/model.h"
#include "tools/command.h"
#include "tools/formats/csv.h"
#include "tools/formats/format.h"
#include "tools/formats/reader.h"

namespace ranvier::tools {

/// Inputs as the command line gives them.
struct InputOptions {
  std::vector<std::string> files;  ///< FILE or NAME=FILE; "-" is standard input.
  std::string format;              ///< Of all files; empty: by extension, else by the first bytes.
  std::string csv_header = "auto";
  bool random = false;  ///< Makes up the inputs that no file gives.
  std::uint64_t seed = 0;
  std::vector<std::string> shapes;  ///< Of random inputs: NAME=2x8, or 2x8 where there is one input.
};

/// The most that a made-up input may have.
inline constexpr std::int64_t largest_batch = 1'000'000'000;

/// The options that fill `options`: -i, --random, ...
std::vector<Option> input_options(InputOptions& options);

/// One reader for each input of the model, in its order; null where an optional input is left out.
using Readers = std::vector<std::unique_ptr<formats::Reader>>;

/// Opens all inputs. @throws Failure usage where the options contradict the model or each other; Error for the files.
Readers open_inputs(const std::vector<PortInfo>& ports, const InputOptions& options);

/// How much of the first input that can tell has been read, from 0 to 1.
std::optional<double> progress(const Readers& readers);

/// "2x8" as a shape; "" is that of a scalar. @throws Failure usage.
Shape parse_shape(const std::string& text);

/// Elements uniform in [-3, 3], for integers in 0..3, for bool 0 or 1; the same on every machine for one seed.
/// @throws Failure usage for types that are no numbers.
Tensor random_tensor(const PortInfo& port, const Shape& shape, std::uint64_t seed);

/// The shapes of all inputs but the optional ones that none is given for. `shapes` are NAME=2x8, or 2x8 where there is
/// one input; without, a shape is as declared, its first size `batch` and others 1 where the model leaves them open.
/// @throws Failure usage.
std::vector<std::optional<Shape>> input_shapes(const std::vector<PortInfo>& ports,
                                               const std::vector<std::string>& shapes, std::int64_t batch);

/// Random tensors of those shapes, undefined ones where there is none, for a command that measures time. `batch`, where
/// it is given, has to be the first size of one of them. @throws Failure usage.
std::vector<Tensor> random_inputs(const std::vector<PortInfo>& ports, const std::vector<std::string>& shapes,
                                  std::optional<std::int64_t> batch);

/// The names and shapes of the inputs that are defined.
std::vector<std::pair<std::string, Shape>> named_shapes(const std::vector<PortInfo>& ports,
                                                        const std::vector<Tensor>& inputs);

}  // namespace ranvier::tools
