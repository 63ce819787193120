#include "runtime/golden/test_set.h"

#include <algorithm>

#include "runtime/core/error.h"
#include "runtime/loader/tensor_file.h"

namespace ranvier::golden {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "test_data_set_";

/// input_0.pb, input_1.pb, ... up to the first that is not there.
std::vector<Tensor> load_all(const fs::path& set, std::string_view kind) {
  std::vector<Tensor> tensors;
  for (;;) {
    const fs::path file = set / fmt::format("{}_{}.pb", kind, tensors.size());
    if (!fs::exists(file)) return tensors;
    tensors.push_back(loader::load_tensor(file));
  }
}

/// By number: test_data_set_10 comes after test_data_set_2.
bool before(const fs::path& a, const fs::path& b) {
  const std::string x = a.filename().string();
  const std::string y = b.filename().string();
  return x.size() != y.size() ? x.size() < y.size() : x < y;
}

}  // namespace

std::vector<fs::path> find_sets(const fs::path& folder) {
  std::vector<fs::path> sets;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && entry.path().filename().string().starts_with(prefix)) sets.push_back(entry.path());
  std::sort(sets.begin(), sets.end(), before);
  return sets;
}

TestSet load(const fs::path& set) { return {load_all(set, "input"), load_all(set, "output")}; }

}  // namespace ranvier::golden
