#include "tools/formats/npz.h"

#include <gtest/gtest.h>

#include "tools/formats/testing.h"

namespace ranvier::formats {
namespace {

using testing::elements;
using testing::error_of;
using testing::port;

std::vector<std::pair<std::string, ByteSource>> open(const std::string& path) {
  return npz_members(ByteSource::open(path), path);
}

void write(const std::string& path) {
  OutputFile file(path, OutputFile::Access::seekable);
  const std::vector<std::string> names = {"a", "b/c:0"};
  NpzWriter writer(file, names);
  writer.write(0, Tensor::of<float>({1, 2}, {1, 2}));
  writer.write(1, Tensor::of<std::int64_t>({1}, {3}));
  writer.write(0, Tensor::of<float>({1, 2}, {4, 5}));
  writer.write(1, Tensor::of<std::int64_t>({1}, {6}));
  writer.finish();
  file.commit();
}

TEST(Npz, ReadsWhatItWrites) {
  const testing::TemporaryFolder folder;
  write(folder / "y.npz");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"y.npz"});
  auto members = open(folder / "y.npz");
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].first, "a");
  EXPECT_EQ(members[1].first, "b/c:0");
  EXPECT_EQ(elements<float>(read_npy(std::move(members[0].second), port({-1, 2}))->next(Reader::all)),
            (std::vector<float>{1, 2, 4, 5}));
  EXPECT_EQ(
      elements<std::int64_t>(read_npy(std::move(members[1].second), port({-1}, DataType::int64))->next(Reader::all)),
      (std::vector<std::int64_t>{3, 6}));
}

TEST(Npz, ReadsFromMemoryWhatComesThroughAPipe) {
  const testing::TemporaryFolder folder;
  write(folder / "y.npz");
  auto members = npz_members(ByteSource::memory("standard input", testing::read_file(folder / "y.npz")), "-");
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].second.name(), "standard input: member 'a'");
  EXPECT_EQ(elements<float>(read_npy(std::move(members[0].second), port({-1, 2}))->next(Reader::all)),
            (std::vector<float>{1, 2, 4, 5}));
}

TEST(Npz, SaysWhatIsWrongWithTheArchive) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.file("bad.npz", "PK\x03\x04 and no more");
  EXPECT_TRUE(error_of([&] { open(path); }).starts_with("invalid_argument: " + path + ": not a valid .npz archive: "));
  write(folder / "cut.npz");
  std::string bytes = testing::read_file(folder / "cut.npz");
  folder.file("cut.npz", bytes.substr(0, bytes.size() / 2));
  EXPECT_NE(error_of([&] { open(folder / "cut.npz"); }), "");
}

TEST(Npz, NoticesDamage) {
  const testing::TemporaryFolder folder;
  write(folder / "y.npz");
  std::string bytes = testing::read_file(folder / "y.npz");
  ASSERT_NE(bytes.find("NUMPY"), std::string::npos);
  bytes[bytes.find("NUMPY") + 128] ^= 1;  // the elements of 'a'
  const std::string path = folder.file("damaged.npz", bytes);
  auto members = open(path);
  const auto reader = read_npy(std::move(members[0].second), port({-1, 2}));
  EXPECT_EQ(error_of([&] {
              reader->next(1);
              reader->next(1);
            }),
            "invalid_argument: " + path + ": member 'a': CRC error");
}

}  // namespace
}  // namespace ranvier::formats
