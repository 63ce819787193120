// Test data as ONNX' backend tests have it: folders test_data_set_N with input_I.pb and output_I.pb beside a model.
#pragma once

#include <filesystem>
#include <vector>

#include "ranvier/tensor.h"

namespace ranvier::golden {

/// Inputs and wanted outputs, in the model's order.
struct TestSet {
  std::vector<Tensor> inputs;
  std::vector<Tensor> outputs;
};

/// The folders test_data_set_N in `folder`, by their numbers.
std::vector<std::filesystem::path> find_sets(const std::filesystem::path& folder);

/// @throws Error where a file cannot be read.
TestSet load(const std::filesystem::path& set);

}  // namespace ranvier::golden
