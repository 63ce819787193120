#include "tools/graph/escape.h"

#include <gtest/gtest.h>

namespace ranvier::view {
namespace {

TEST(Escaped, MarkupAndBackslashesAreEntities) {
  EXPECT_EQ(escaped("dense/MatMul:0"), "dense/MatMul:0");
  EXPECT_EQ(escaped(R"(<b>&amp;"\N)"), "&lt;b&gt;&amp;amp;&quot;&#92;N");
}

TEST(Escaped, WhatIsNoPrintableUtf8IsSpelledOut) {
  EXPECT_EQ(escaped("gr\xc3\xbc\xc3\x9f \xe6\x97\xa5 \xf0\x9f\x99\x82"),
            "gr\xc3\xbc\xc3\x9f \xe6\x97\xa5 \xf0\x9f\x99\x82");
  EXPECT_EQ(escaped("a\n\x1b[\x7f"), "a&#92;x0a&#92;x1b[&#92;x7f");
  EXPECT_EQ(escaped(std::string_view("\0", 1)), "&#92;x00");
  EXPECT_EQ(escaped("\xff\xc3"), "&#92;xff&#92;xc3") << "no character begins so, and one that ends too early";
  EXPECT_EQ(escaped("\xc0\xaf"), "&#92;xc0&#92;xaf") << "overlong";
  EXPECT_EQ(escaped("\xed\xa0\x80"), "&#92;xed&#92;xa0&#92;x80") << "half a surrogate pair";
  EXPECT_EQ(escaped("\xef\xbf\xbf"), "&#92;xef&#92;xbf&#92;xbf") << "no character of XML";
  EXPECT_EQ(escaped("\xc2\x85"), "&#92;xc2&#92;x85") << "a control character";
}

TEST(Shortened, KeepsTheEnd) {
  EXPECT_EQ(shortened("12345678", 8), "12345678");
  EXPECT_EQ(shortened("123456789", 8), "...56789");
  EXPECT_EQ(shortened("", 8), "");
}

TEST(Shortened, CountsCharactersNotBytes) {
  EXPECT_EQ(shortened("\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", 4), "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc");
  EXPECT_EQ(shortened("\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", 4), "...\xc3\xbc");
  EXPECT_EQ(shortened("\x80\x80\x80\x80\x80", 4), "\x80\x80\x80\x80\x80") << "no character at all";
}

}  // namespace
}  // namespace ranvier::view
