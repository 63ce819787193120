#include "tools/batches.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "runtime/core/data_type.h"
#include "tools/command.h"
#include "tools/formats/reader.h"

namespace ranvier::tools {
namespace {

constexpr std::int64_t most_rows = 1024;
constexpr std::size_t target_bytes = std::size_t{4} << 20;

using formats::Reader;

/// The bytes of one row of an input, unknown dimensions counted as 1.
std::size_t row_bytes(const PortInfo& port) {
  Shape row;
  for (std::size_t axis = 1; axis < port.dimensions.size(); ++axis)
    row.push_back(std::max<std::int64_t>(port.dimensions[axis].size, 1));
  return byte_size(port.type, row);
}

/// The tensor with its last row repeated up to `rows`.
Tensor filled_up(const Tensor& tensor, std::int64_t rows) {
  Shape shape = tensor.shape();
  const std::int64_t given = shape[0];
  shape[0] = rows;
  Tensor result(tensor.type(), shape);
  if (tensor.type() == DataType::string) {
    const std::int64_t row = tensor.elements() / given;
    const auto from = tensor.values<std::string>();
    auto to = result.mutable_values<std::string>();
    for (std::int64_t i = 0; i < result.elements(); ++i)
      to[static_cast<std::size_t>(i)] =
          from[static_cast<std::size_t>(i < tensor.elements() ? i : tensor.elements() - row + i % row)];
    return result;
  }
  const std::size_t row = tensor.bytes() / static_cast<std::size_t>(given);
  auto* to = static_cast<char*>(result.mutable_data());
  if (row == 0) return result;
  std::memcpy(to, tensor.data(), tensor.bytes());
  for (std::int64_t i = given; i < rows; ++i)
    std::memcpy(to + static_cast<std::size_t>(i) * row, to + static_cast<std::size_t>(given - 1) * row, row);
  return result;
}

/// The next rows of every input. @throws Failure bad_input where they do not have equally many.
std::vector<Tensor> next_rows(const std::vector<PortInfo>& ports, Readers& readers, std::int64_t rows,
                              std::int64_t done) {
  std::vector<Tensor> inputs(readers.size());
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    if (readers[i] == nullptr) continue;
    inputs[i] = readers[i]->next(rows);
    if (rows == Reader::all) continue;
    if (!first) first = i;
    const std::int64_t here = inputs[i].shape()[0];
    const std::int64_t there = inputs[*first].shape()[0];
    if (here == there) continue;
    const auto count = [&](std::size_t k, std::int64_t got) {
      const auto known = readers[k]->rows();
      return known ? std::to_string(*known) : got == rows ? "more" : std::to_string(done + got);
    };
    give_up(bad_input, "inputs '{}' and '{}' have different numbers of rows: {} and {}", ports[*first].name,
            ports[i].name, count(*first, there), count(i, here));
  }
  return inputs;
}

std::int64_t rows_of(const std::vector<Tensor>& inputs) {
  for (const Tensor& input : inputs)
    if (input.defined()) return input.shape()[0];
  return 0;
}

void check_outputs(const Model& model, const std::vector<Tensor>& outputs, std::int64_t rows) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Shape& shape = outputs[i].shape();
    if (!shape.empty() && shape[0] == rows) continue;
    give_up(bad_input,
            "output '{}' has shape {} for {} rows of input: its first dimension is not the rows, so they cannot be run "
            "in batches; --batch-size 0 runs all at once",
            model.outputs()[i].name, to_string(shape), rows);
  }
}

}  // namespace

Batching batching(const Model& model, const Readers& readers, std::int64_t wanted) {
  std::optional<std::int64_t> first;  // what all first dimensions are; -1: unknown
  std::size_t bytes = 0;
  std::string obstacle = "it has no inputs";
  bool same = true;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    if (readers[i] == nullptr) continue;
    const PortInfo& port = model.inputs()[i];
    if (!port.ranked || port.dimensions.empty()) {
      obstacle = fmt::format("input '{}' is {}", port.name, port.ranked ? "a scalar" : "of unknown rank");
      same = false;
      break;
    }
    if (first && *first != port.dimensions[0].size) {
      obstacle = fmt::format("the first dimension of input '{}' differs from that of others", port.name);
      same = false;
      break;
    }
    first = port.dimensions[0].size;
    bytes += row_bytes(port);
  }
  if (!same || !first) {
    if (wanted > 0) give_up(usage, "--batch-size {}: the model cannot be run in batches: {}", wanted, obstacle);
    return {};
  }
  if (*first >= 0) {
    if (wanted > 0 && wanted != *first)
      give_up(usage, "--batch-size {}: the model takes batches of exactly {}", wanted, *first);
    return *first == 0 ? Batching{} : Batching{Batching::Kind::fixed, *first};
  }
  if (wanted == 0) return {};
  const auto fitting = static_cast<std::int64_t>(target_bytes / std::max<std::size_t>(bytes, 1));
  return {Batching::Kind::free, wanted > 0 ? wanted : std::clamp<std::int64_t>(fitting, 1, most_rows)};
}

void run_batches(const Model& model, Readers& readers, const Batching& batching, const BatchSteps& steps) {
  if (batching.kind == Batching::Kind::whole) {
    steps.take(steps.run(next_rows(model.inputs(), readers, Reader::all, 0)));
    return;
  }
  std::int64_t done = 0;
  std::vector<Tensor> inputs = next_rows(model.inputs(), readers, batching.rows, done);
  do {
    const std::int64_t rows = rows_of(inputs);
    const bool fill = batching.kind == Batching::Kind::fixed && rows < batching.rows && rows > 0;
    if (fill) {
      note(fmt::format("the model takes {} rows at a time: the last {} filled up with copies of the last row",
                       batching.rows, rows == 1 ? "one is" : fmt::format("{} are", rows)));
      for (Tensor& input : inputs)
        if (input.defined()) input = filled_up(input, batching.rows);
    }
    std::vector<Tensor> outputs = steps.run(inputs);
    std::vector<Tensor> next = next_rows(model.inputs(), readers, batching.rows, done + rows);
    const bool only = done == 0 && rows_of(next) == 0;
    if (!only || fill) check_outputs(model, outputs, fill ? batching.rows : rows);
    if (fill)
      for (Tensor& output : outputs) output = formats::rows_of(output, 0, rows);
    steps.take(std::move(outputs));
    done += rows;
    steps.progress(done);
    inputs = std::move(next);
  } while (rows_of(inputs) > 0);
}

}  // namespace ranvier::tools
