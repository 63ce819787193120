#include "tools/formats/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tools/formats/testing.h"

namespace ranvier::formats {
namespace {

using testing::error_of;
using testing::read_file;
using testing::TemporaryFolder;

TEST(OutputFile, AppearsWhenItIsComplete) {
  const TemporaryFolder folder;
  {
    OutputFile file(folder / "y.csv");
    file.write("1,2\n");
    EXPECT_FALSE(std::filesystem::exists(folder / "y.csv"));
    file.commit();
  }
  EXPECT_EQ(read_file(folder / "y.csv"), "1,2\n");
  EXPECT_EQ(folder.names().size(), 1u);
}

TEST(OutputFile, LeavesNothingBehindWithoutCommit) {
  const TemporaryFolder folder;
  folder.file("old.csv", "old\n");
  for (const char* name : {"old.csv", "new.csv"}) {
    OutputFile file(folder / name);
    file.write("half");
    file.flush();
  }
  EXPECT_EQ(folder.names(), std::vector<std::string>{"old.csv"});
  EXPECT_EQ(read_file(folder / "old.csv"), "old\n");
}

TEST(OutputFile, KeepsPermissionsAndLinks) {
  const TemporaryFolder folder;
  const std::string target = folder.file("target.csv", "old\n");
  ::chmod(target.c_str(), 0640);
  std::filesystem::create_symlink("target.csv", folder / "link.csv");
  OutputFile file(folder / "link.csv");
  file.write("new\n");
  file.commit();
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.csv"));
  EXPECT_EQ(read_file(target), "new\n");
  struct stat status = {};
  ::stat(target.c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST(OutputFile, DoesNotReplaceDevices) {
  for (const auto access : {OutputFile::Access::sequential, OutputFile::Access::seekable}) {
    OutputFile file("/dev/null", access);
    file.write("gone");
    file.commit();
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  }
}

TEST(OutputFile, SaysWhyItCannotBeWritten) {
  const TemporaryFolder folder;
  EXPECT_EQ(error_of([&] { OutputFile(folder / "none/y.csv"); }),
            "io: " + (folder / "none/y.csv") + ": cannot be written: No such file or directory");
  EXPECT_EQ(error_of([&] { OutputFile(folder / ""); }), "io: " + (folder / "") + ": cannot be written: it is a folder");
  EXPECT_EQ(error_of([&] {
              OutputFile file("/dev/full");
              file.write(std::string(1 << 20, 'x'));
              file.commit();
            }),
            "io: /dev/full: cannot be written: No space left on device");
}

}  // namespace
}  // namespace ranvier::formats
