#include "runtime/golden/test_set.h"

#include <gtest/gtest.h>

#include "runtime/loader/tensor_file.h"
#include "runtime/loader/testing.h"

namespace ranvier::golden {
namespace {

namespace fs = std::filesystem;
using loader::testing::TemporaryFolder;

TEST(TestSets, AreFoundByTheirNumbers) {
  const TemporaryFolder folder;
  for (const char* name : {"test_data_set_10", "test_data_set_2", "test_data_set_0", "other"})
    fs::create_directory(folder.path() / name);
  folder.write("test_data_set_1", "a file");
  std::vector<std::string> names;
  for (const fs::path& set : find_sets(folder.path())) names.push_back(set.filename().string());
  EXPECT_EQ(names, (std::vector<std::string>{"test_data_set_0", "test_data_set_2", "test_data_set_10"}));
}

TEST(TestSets, AreReadUpToTheFirstMissingFile) {
  const TemporaryFolder folder;
  for (const char* name : {"input_0.pb", "input_1.pb", "input_3.pb", "output_0.pb"})
    loader::save_tensor(folder.path() / name, Tensor::of<float>({1}, {1}));
  const TestSet set = load(folder.path());
  EXPECT_EQ(set.inputs.size(), 2u);
  EXPECT_EQ(set.outputs.size(), 1u);
}

}  // namespace
}  // namespace ranvier::golden
