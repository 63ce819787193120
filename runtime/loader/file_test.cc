#include "runtime/loader/file.h"

#include <gtest/gtest.h>

#include <array>

#include "runtime/loader/testing.h"

namespace ranvier::loader {
namespace {

using testing::error_of;
using testing::TemporaryFolder;

TEST(File, IsReadFromAnywhere) {
  TemporaryFolder folder;
  const File file(folder.write("letters", "abcdef"));
  EXPECT_EQ(file.size(), 6u);
  std::array<std::byte, 3> bytes{};
  file.read(2, bytes);
  EXPECT_EQ(bytes, (std::array{std::byte{'c'}, std::byte{'d'}, std::byte{'e'}}));
  file.read(6, {});
}

TEST(File, ThatBecomesShorterIsAnError) {
  TemporaryFolder folder;
  const File file(folder.write("letters", "abcdef"));
  folder.write("letters", "abcd");
  std::array<std::byte, 6> bytes{};
  EXPECT_EQ(error_of([&] { file.read(0, bytes); }), "io: has become shorter: nothing is left at offset 4");
}

TEST(File, HasToBeAFile) {
  TemporaryFolder folder;
  EXPECT_EQ(error_of([&] { File{folder.path()}; }), "io: is a folder, expected a file");
  EXPECT_EQ(error_of([&] { File{folder.path() / "missing"}; }), "io: cannot open the file: No such file or directory");
}

}  // namespace
}  // namespace ranvier::loader
