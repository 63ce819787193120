#include "tools/formats/csv.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tools/formats/testing.h"

namespace ranvier::formats {
namespace {

using testing::elements;
using testing::error_of;
using testing::port;

using Floats = std::vector<float>;

Tensor read(const std::string& text, const PortInfo& info, CsvHeader header = CsvHeader::detect) {
  return read_csv(ByteSource::memory("data.csv", text), info, header)->next(Reader::all);
}

std::string error(const std::string& text, const PortInfo& info = port({-1, 2})) {
  return error_of([&] { read(text, info); });
}

std::vector<std::vector<std::string>> rows(const std::string& text) {
  CsvRows csv(ByteSource::memory("data.csv", text));
  std::vector<std::vector<std::string>> result;
  while (csv.next()) result.push_back(csv.fields());
  return result;
}

TEST(CsvRows, KnowsQuotesBlanksAndLineEnds) {
  using Rows = std::vector<std::vector<std::string>>;
  EXPECT_EQ(rows("a,b\nc,d\n"), (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(rows("a,b\r\nc,d\r\n"), (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(rows("a,b\nc,d"), (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(rows("a,b\n\n \r\n"), (Rows{{"a", "b"}}));
  EXPECT_EQ(rows("\xef\xbb\xbf"
                 "a,b\n"),
            (Rows{{"a", "b"}}));
  EXPECT_EQ(rows(" a\t, b c \n"), (Rows{{"a", "b c"}}));
  EXPECT_EQ(rows("\"a,b\",\"say \"\"hi\"\"\",\"\"\n"), (Rows{{"a,b", "say \"hi\"", ""}}));
  EXPECT_EQ(rows("\" a \r\nb \" ,c\r\n"), (Rows{{" a \r\nb ", "c"}}));
  EXPECT_EQ(rows("a\"b,c\n"), (Rows{{"a\"b", "c"}}));
  EXPECT_EQ(rows(",\n"), (Rows{{"", ""}}));
  EXPECT_EQ(rows(""), Rows{});
}

TEST(CsvRows, ComesInPieces) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i) + ",\"" + std::to_string(i) + "\"\n";
  std::size_t at = 0;
  CsvRows csv(ByteSource("pipe", [&](std::span<char> to) {
    const std::size_t count = std::min({to.size(), text.size() - at, std::size_t{7}});
    std::copy_n(text.data() + at, count, to.data());
    at += count;
    return count;
  }));
  std::int64_t count = 0;
  for (; csv.next(); ++count) {
    ASSERT_EQ(csv.fields(), (std::vector<std::string>(2, std::to_string(count))));
    ASSERT_EQ(csv.line(), count + 1);
  }
  EXPECT_EQ(count, 50'000);
}

TEST(Csv, TakesARowForASample) {
  const Tensor tensor = read("1,2.5\n-3e-2,+4\n", port({-1, 2}));
  EXPECT_EQ(tensor.shape(), Shape({2, 2}));
  EXPECT_EQ(elements<float>(tensor), (Floats{1, 2.5f, -0.03f, 4}));
}

TEST(Csv, FindsTheHeader) {
  EXPECT_EQ(read("a,b\n1,2\n", port({-1, 2})).shape(), Shape({1, 2}));
  EXPECT_EQ(read("\"width, mm\",height\n1,2\n", port({-1, 2})).shape(), Shape({1, 2}));
  EXPECT_EQ(read("0,1\n1,2\n", port({-1, 2})).shape(), Shape({2, 2}));
  EXPECT_EQ(read("0,1\n1,2\n", port({-1, 2}), CsvHeader::yes).shape(), Shape({1, 2}));
  EXPECT_EQ(error_of([] {
              read("a,b\n1,2\n", port({-1, 2}), CsvHeader::no);
            }),
            "invalid_argument: data.csv: line 1 (row 1), column 1: expected a number, got 'a'");
}

TEST(Csv, FillsTheDimensionsAfterTheFirst) {
  EXPECT_EQ(read("1,2,3,4,5,6\n", port({-1, 2, 3})).shape(), Shape({1, 2, 3}));
  EXPECT_EQ(read("1,2,3,4,5,6\n", port({-1, -1, 3})).shape(), Shape({1, 2, 3}));
  EXPECT_EQ(read("1\n2\n", port({-1})).shape(), Shape({2}));
  EXPECT_EQ(error("1,2,3,4\n", port({-1, -1, 3})),
            "invalid_argument: data.csv: expected a multiple of 3 columns for input 'x' of shape [batch, ?, 3], got 4");
  EXPECT_EQ(error("1,2\n", port({})),
            "invalid_argument: data.csv: input 'x' has no dimensions, csv has rows and columns");
  EXPECT_EQ(error("1,2\n", port({-1, -1, -1})),
            "invalid_argument: data.csv: input 'x' has shape [batch, ?, ?]: with more than one unknown dimension after "
            "the first, the columns of csv do not tell its shape; use .npy or .json");
  PortInfo unranked = port({});
  unranked.ranked = false;
  EXPECT_EQ(read("1,2\n3,4\n", unranked).shape(), Shape({2, 2}));
}

TEST(Csv, SaysWhichRowIsRagged) {
  EXPECT_EQ(error("1,2\n3,4\n5\n"),
            "invalid_argument: data.csv: line 3 (row 3): expected 2 columns for input 'x' of shape [batch, 2], got 1");
  EXPECT_EQ(error("a,b\n1,2\n3,4,5\n"),
            "invalid_argument: data.csv: line 3 (row 2): expected 2 columns for input 'x' of shape [batch, 2], got 3");
  EXPECT_EQ(error("f0,f1,label\n1,2,0\n"),
            "invalid_argument: data.csv: line 1 (header): expected 2 columns for input 'x' of shape [batch, 2], got 3");
  EXPECT_EQ(error("1,2\n\n3,4\n"), "invalid_argument: data.csv: line 2 is empty, and rows follow it");
  EXPECT_EQ(error("a,\"b\n1,2\n"), "invalid_argument: data.csv: line 1: a quoted field is not closed");
}

TEST(Csv, SaysWhichFieldIsWrong) {
  EXPECT_EQ(error("a,b\n1,2\n3,four\n"),
            "invalid_argument: data.csv: line 3 (row 2), column 2: expected a number, got 'four'");
  EXPECT_EQ(error("1,2\n,4\n"), "invalid_argument: data.csv: line 2 (row 2), column 1: expected a number, got ''");
  EXPECT_EQ(error("1,2\n1,0x10\n"),
            "invalid_argument: data.csv: line 2 (row 2), column 2: expected a number, got '0x10'");
  EXPECT_EQ(error("1,2.5\n", port({-1, 2}, DataType::int32)),
            "invalid_argument: data.csv: line 1 (row 1), column 2: 2.5 does not fit type int32");
  EXPECT_EQ(error("1,1e39\n"), "invalid_argument: data.csv: line 1 (row 1), column 2: 1e39 does not fit type float");
  EXPECT_EQ(error("1,-1\n", port({-1, 2}, DataType::uint8)),
            "invalid_argument: data.csv: line 1 (row 1), column 2: -1 does not fit type uint8");
}

TEST(Csv, NeedsRows) {
  EXPECT_EQ(error(""), "invalid_argument: data.csv: holds no rows");
  EXPECT_EQ(error("\n\n"), "invalid_argument: data.csv: holds no rows");
  EXPECT_EQ(error("a,b\n"), "invalid_argument: data.csv: holds a header, but no rows");
}

TEST(Csv, KnowsAllTypes) {
  EXPECT_EQ(elements<std::int64_t>(read("9223372036854775807,1e3\n", port({-1, 2}, DataType::int64))),
            (std::vector<std::int64_t>{9223372036854775807, 1000}));
  EXPECT_EQ(elements<bool>(read("true,0\n1,False\n", port({-1, 2}, DataType::boolean), CsvHeader::no)),
            (std::vector<bool>{true, false, true, false}));
  EXPECT_EQ(elements<std::string>(read("red,\n\"a,b\",1\n", port({-1, 2}, DataType::string))),
            (std::vector<std::string>{"red", "", "a,b", "1"}));
  const auto special = elements<float>(read("nan,inf\n-inf,1e-50\n", port({-1, 2}), CsvHeader::no));
  EXPECT_TRUE(std::isnan(special[0]));
  EXPECT_EQ((Floats{special.begin() + 1, special.end()}), (Floats{HUGE_VALF, -HUGE_VALF, 0}));
  EXPECT_EQ(error("1,2\n", port({-1, 2}, DataType::complex64)),
            "invalid_argument: data.csv: input 'x': csv cannot hold elements of type complex64");
}

TEST(Csv, StreamsRows) {
  const auto reader = read_csv(ByteSource::memory("data.csv", "a\n1\n2\n3\n4\n5\n"), port({-1, 1}));
  EXPECT_EQ(elements<float>(reader->next(2)), (Floats{1, 2}));
  EXPECT_EQ(elements<float>(reader->next(2)), (Floats{3, 4}));
  EXPECT_EQ(elements<float>(reader->next(2)), (Floats{5}));
  EXPECT_EQ(reader->next(2).shape(), Shape({0, 1}));
}

TEST(Csv, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_field("plain text"), "plain text");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv_field(" a"), "\" a\"");
  EXPECT_EQ(csv_field("a\nb"), "\"a\nb\"");
}

}  // namespace
}  // namespace ranvier::formats
