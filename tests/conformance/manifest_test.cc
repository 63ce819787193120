#include "tests/conformance/manifest.h"

#include <gtest/gtest.h>

namespace ranvier::conformance {
namespace {

using Lines = std::vector<std::string>;

const Outcome right{};
const Outcome missing{Outcome::unsupported, "operator X is not implemented"};
const Outcome wrong{Outcome::wrong, "2 of 3 elements differ"};

std::string error_of(std::string_view text) {
  try {
    parse(text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(Manifest, IsReadBackAsWritten) {
  const Manifest manifest{{"a", std::nullopt}, {"b", "operator X is not implemented"}};
  EXPECT_EQ(parse(to_text(manifest)), manifest);
}

TEST(Manifest, RejectsWhatIsNoCase) {
  EXPECT_EQ(error_of("a pass\nb skip:\n"), "line 2: expected 'NAME pass' or 'NAME skip: REASON': b skip:");
  EXPECT_EQ(error_of("a\n"), "line 1: expected 'NAME pass' or 'NAME skip: REASON': a");
  EXPECT_EQ(error_of("# cases\na pass\na pass\n"), "line 3: a is listed twice");
}

TEST(Violations, AreNoneWhereAllIsAsListed) {
  EXPECT_EQ(violations({{"a", std::nullopt}, {"b", missing.why}, {"c", "a reason of ours"}},
                       {{"a", right}, {"b", missing}, {"c", wrong}}),
            Lines{});
}

TEST(Violations, CountCasesOnOneSideOnly) {
  EXPECT_EQ(violations({}, {{"a", right}}), Lines{"a: is not listed"});
  EXPECT_EQ(violations({{"a", std::nullopt}}, {}), Lines{"a: is listed, but there is no such case"});
}

TEST(Violations, CountACaseThatShouldPass) {
  EXPECT_EQ(violations({{"a", std::nullopt}}, {{"a", wrong}}), Lines{"a: 2 of 3 elements differ"});
  EXPECT_EQ(violations({{"a", std::nullopt}}, {{"a", missing}}), Lines{"a: operator X is not implemented"});
}

TEST(Violations, CountASkippedCaseThatPasses) {
  EXPECT_EQ(violations({{"a", "no sequences"}}, {{"a", right}}), Lines{"a: passes, but is skipped (no sequences)"});
}

TEST(Violations, CountAReasonThatIsNotWhyAnyMore) {
  EXPECT_EQ(violations({{"a", missing.why}}, {{"a", wrong}}),
            Lines{"a: is skipped for 'operator X is not implemented', but: 2 of 3 elements differ"});
}

TEST(Updated, SkipsWhatIsUnsupportedAndNeverWhatIsWrong) {
  const Manifest old{{"gone", std::nullopt}, {"d", "a reason of ours"}};
  const Manifest now{{"a", std::nullopt}, {"b", missing.why}, {"c", std::nullopt}, {"d", "a reason of ours"}};
  EXPECT_EQ(updated(old, {{"a", right}, {"b", missing}, {"c", wrong}, {"d", wrong}}), now);
  EXPECT_EQ(updated({{"d", "a reason of ours"}}, {{"d", right}}), (Manifest{{"d", std::nullopt}}));
}

}  // namespace
}  // namespace ranvier::conformance
