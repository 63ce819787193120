#include "tools/formats/npy.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tools/formats/npy_header.h"
#include "tools/formats/testing.h"

namespace ranvier::formats {
namespace {

using testing::elements;
using testing::error_of;
using testing::port;

/// A file with that dictionary.
std::string npy(const std::string& dictionary, const std::string& items, int version = 1) {
  std::string text = dictionary + std::string(63 - (dictionary.size() + 10) % 64, ' ') + '\n';
  std::string file("\x93NUMPY", 6);
  file += static_cast<char>(version);
  file += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) file += static_cast<char>(text.size() >> 8 * i & 0xff);
  return file + text + items;
}

std::string npy(const std::string& descr, const std::string& shape, const std::string& items, bool fortran) {
  return npy(
      "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }",
      items);
}

template <class T>
std::string bytes(std::vector<T> values, bool big_endian = false) {
  std::string result;
  for (const T& value : values) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    if (big_endian) std::reverse(raw, raw + sizeof(T));
    result.append(raw, sizeof(T));
  }
  return result;
}

Tensor read(const std::string& file, const PortInfo& info) {
  return read_npy(ByteSource::memory("x.npy", file), info)->next(Reader::all);
}

std::string error(const std::string& file, const PortInfo& info = port({-1, 2})) {
  return error_of([&] { read(file, info); });
}

const std::vector<float> six = {1, 2, 3, 4, 5, 6};

TEST(Npy, ReadsEveryVersion) {
  for (const int version : {1, 2, 3}) {
    const Tensor tensor =
        read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", bytes(six), version), port({-1, 2}));
    EXPECT_EQ(tensor.shape(), Shape({3, 2}));
    EXPECT_EQ(elements<float>(tensor), six);
  }
}

TEST(Npy, ReadsBothByteOrders) {
  EXPECT_EQ(elements<float>(read(npy(">f4", "(3, 2)", bytes(six, true), false), port({-1, 2}))), six);
  EXPECT_EQ(elements<std::int64_t>(
                read(npy(">i8", "(1,)", bytes<std::int64_t>({-5}, true), false), port({-1}, DataType::int64))),
            (std::vector<std::int64_t>{-5}));
}

TEST(Npy, ReordersFortranOrder) {
  const Tensor tensor = read(npy("<f4", "(3, 2)", bytes<float>({1, 3, 5, 2, 4, 6}), true), port({-1, 2}));
  EXPECT_EQ(elements<float>(tensor), six);
  const Tensor big = read(npy(">i2", "(3, 2)", bytes<std::int16_t>({1, 3, 5, 2, 4, 6}, true), true), port({-1, 2}));
  EXPECT_EQ(elements<float>(big), six);
  EXPECT_EQ(elements<float>(read(npy("<f4", "(6,)", bytes(six), true), port({-1}))), six);
}

TEST(Npy, ConvertsToTheTypeOfTheInput) {
  EXPECT_EQ(elements<float>(read(npy("<f8", "(1, 2)", bytes<double>({0.1, 2}), false), port({-1, 2}))),
            (std::vector<float>{0.1f, 2}));
  EXPECT_EQ(elements<float>(read(npy("|u1", "(1, 2)", bytes<std::uint8_t>({255, 0}), false), port({-1, 2}))),
            (std::vector<float>{255, 0}));
  EXPECT_EQ(elements<float>(read(npy("|b1", "(1, 2)", std::string("\x02\x00", 2), false), port({-1, 2}))),
            (std::vector<float>{1, 0}));
  EXPECT_EQ(elements<float>(read(npy("<f2", "(1, 2)", bytes<std::uint16_t>({0x3c00, 0xc000}), false), port({-1, 2}))),
            (std::vector<float>{1, -2}));
  EXPECT_EQ(error(npy("<f4", "(1, 2)", bytes<float>({1, 2.5f}), false), port({-1, 2}, DataType::int32)),
            "invalid_argument: x.npy: input 'x': the element at [0, 1] is 2.5, which type int32 does not hold");
  EXPECT_EQ(error(npy("<c8", "(1, 2)", std::string(16, '\0'), false)),
            "invalid_argument: x.npy: input 'x': expected elements of type float, got complex64");
}

TEST(Npy, ReadsStrings) {
  const std::string raw(reinterpret_cast<const char*>(U"h\u00e9\0\U0001f600\0\0"), 24);
  EXPECT_EQ(elements<std::string>(read(npy("<U3", "(2,)", raw, false), port({-1}, DataType::string))),
            (std::vector<std::string>{"h\xc3\xa9", "\xf0\x9f\x98\x80"}));
  EXPECT_EQ(
      elements<std::string>(read(npy("|S2", "(2,)", std::string("abc\0", 4), false), port({-1}, DataType::string))),
      (std::vector<std::string>{"ab", "c"}));
}

TEST(Npy, StreamsRows) {
  const auto reader = read_npy(ByteSource::memory("x.npy", npy("<f4", "(3, 2)", bytes(six), false)), port({-1, 2}));
  EXPECT_EQ(reader->rows(), 3);
  EXPECT_EQ(elements<float>(reader->next(2)), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_NEAR(reader->progress().value(), 2.0 / 3, 1e-9);
  EXPECT_EQ(elements<float>(reader->next(2)), (std::vector<float>{5, 6}));
  EXPECT_EQ(reader->next(2).shape(), Shape({0, 2}));
}

TEST(Npy, ChecksTheShape) {
  EXPECT_EQ(error(npy("<f4", "(2, 3)", bytes(six), false)),
            "invalid_argument: x.npy: input 'x': expected shape [batch, 2], got [2, 3]");
  EXPECT_EQ(error(npy("<f4", "(6,)", bytes(six), false)),
            "invalid_argument: x.npy: input 'x': expected shape [batch, 2], got [6]");
  EXPECT_EQ(elements<float>(read(npy("<f4", "()", bytes<float>({7}), false), port({}))), (std::vector<float>{7}));
}

TEST(Npy, SaysWhatIsWrongWithTheFile) {
  EXPECT_EQ(error(""), "invalid_argument: x.npy: not a .npy file: it does not begin with \\x93NUMPY");
  EXPECT_EQ(error(npy("{}", "", 9)), "invalid_argument: x.npy: .npy version 9 is not supported, 1 to 3 are");
  EXPECT_EQ(error(npy("{'descr': '<f4'}", "")), "invalid_argument: x.npy: not a valid .npy header at character 16");
  EXPECT_EQ(error(npy("{'descr': '<f4', 'fortran_order': 1, 'shape': ()}", "")),
            "invalid_argument: x.npy: not a valid .npy header at character 34");
  EXPECT_EQ(error(npy("{'colour': 'red'}", "")),
            "invalid_argument: x.npy: not a valid .npy header: unknown key 'colour'");
  EXPECT_EQ(error(npy("|O", "(1, 2)", "", false)),
            "invalid_argument: x.npy: elements of numpy's type '|O' are not supported");
  EXPECT_EQ(error(npy("|V2", "(1, 2)", "", false)),
            "invalid_argument: x.npy: elements of numpy's type '|V2' are not supported");
  EXPECT_EQ(error(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "")),
            "invalid_argument: x.npy: structured arrays are not supported");
  EXPECT_EQ(error(npy("<f4", "(3, 2)", "1234", false)),
            "invalid_argument: x.npy: expected 24 bytes of elements for shape [3, 2], got 4");
  EXPECT_EQ(error(npy("<f4", "(4611686018427387904, 2)", "", false)),
            "out_of_memory: x.npy: shape [4611686018427387904, 2] has more elements than memory can hold");
  EXPECT_EQ(error(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12)),
            "invalid_argument: x.npy: not a valid .npy header: 4294967295 bytes long");
}

TEST(Npy, DoesNotBelieveAPipe) {
  std::string file = npy("<f4", "(100000000, 2)", bytes(six), false);
  std::size_t at = 0;
  const auto reader = read_npy(ByteSource("pipe",
                                          [&](std::span<char> to) {
                                            const std::size_t count = std::min(to.size(), file.size() - at);
                                            std::copy_n(file.data() + at, count, to.data());
                                            at += count;
                                            return count;
                                          }),
                               port({-1, 2}));
  EXPECT_EQ(error_of([&] { reader->next(Reader::all); }),
            "invalid_argument: pipe: ends early: expected 800000000 bytes for rows 0 to 100000000, got 24");
}

TEST(NpyWriter, WritesWhatItReads) {
  const testing::TemporaryFolder folder;
  const auto written = [&](const std::vector<Tensor>& pieces) {
    OutputFile file(folder / "y.npy", OutputFile::Access::seekable);
    NpyWriter writer(file.stream(), file.name());
    for (const Tensor& piece : pieces) writer.write(piece);
    writer.finish();
    file.commit();
    return testing::read_file(folder / "y.npy");
  };
  const std::string floats = written({Tensor::of<float>({2, 2}, {1, 2, 3, 4}), Tensor::of<float>({1, 2}, {5, 6})});
  EXPECT_EQ(floats.size(), 128u + 24u);
  EXPECT_EQ(floats.substr(10, 60), "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), } ");
  EXPECT_EQ(elements<float>(read(floats, port({-1, 2}))), six);
  const std::string scalar = written({Tensor::of<std::int64_t>({}, {42})});
  EXPECT_EQ(elements<std::int64_t>(read(scalar, port({}, DataType::int64))), (std::vector<std::int64_t>{42}));
  const std::string strings = written(
      {Tensor::of<std::string>({1}, {"h\xc3\xa9"}), Tensor::of<std::string>({2}, {"", "long\xf0\x9f\x98\x80"})});
  EXPECT_EQ(elements<std::string>(read(strings, port({-1}, DataType::string))),
            (std::vector<std::string>{"h\xc3\xa9", "", "long\xf0\x9f\x98\x80"}));
  const std::string half = written({Tensor::of<BFloat16>({1}, {BFloat16(1.5f)})});
  EXPECT_EQ(elements<float>(read(half, port({-1}))), (std::vector<float>{1.5f}));
  EXPECT_EQ(error_of([&] { written({Tensor(DataType::int4, {2})}); }),
            "unsupported: " + (folder / "y.npy") + ": .npy cannot hold elements of type int4; .pb can");
}

TEST(NpyHeader, HasRoomForAnyNumberOfRows) {
  const auto size = npy_header(DataType::float32, 0, {0, 10}).size();
  EXPECT_EQ(npy_header(DataType::float32, 0, {INT64_MAX, 10}).size(), size);
  EXPECT_EQ(size % 64, 0u);
  EXPECT_NE(npy_header(DataType::float32, 0, {5}).find("'shape': (5,), }"), std::string::npos);
  EXPECT_NE(npy_header(DataType::uint8, 0, {}).find("'descr': '|u1', 'fortran_order': False, 'shape': (), }"),
            std::string::npos);
}

}  // namespace
}  // namespace ranvier::formats
