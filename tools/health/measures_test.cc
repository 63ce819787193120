#include "tools/health/measures.h"

#include <gtest/gtest.h>

#include "tools/health/testing.h"

namespace ranvier::health {
namespace {

using testing::observed;

/// 40 rows of three units: one that is 0, one that is on, one that is both; all times `scale`.
Observation relu(const std::string& name, float scale = 1) {
  std::vector<float> values;
  for (int row = 0; row < 40; ++row)
    for (const float value : {0.0f, 1.0f, row % 2 == 0 ? 0.0f : 3.0f}) values.push_back(scale * value);
  return observed(name, "relu", {40, 3}, values);
}

std::vector<std::string> found(const Report& report) {
  std::vector<std::string> result;
  for (const Finding& each : findings(report))
    result.push_back(report.activations[each.activation].activation.name + " " + std::string(each.measure->name) + " " +
                     each.measure->text(each.value));
  return result;
}

using Found = std::vector<std::string>;

TEST(Findings, AreWhatIsBeyondALimit) {
  const Report report = {.activations = {relu("a")}};
  EXPECT_EQ(found(report), Found{"a dead 33.3 %"});
  EXPECT_EQ(findings(report)[0].fact, "1 of 3 units are 0 for all of the data: 0.");
}

TEST(Findings, SayNothingOfUnitsThatWereSeenAFewTimes) {
  const Report short_one = {.activations = {observed("a", "relu", {2, 3}, {0, 1, 0, 0, 1, 2})}};
  EXPECT_EQ(found(short_one), Found{});
  EXPECT_NE(caution(short_one), "");
  EXPECT_EQ(caution({.activations = {relu("a"), observed("b", "sigmoid", {1}, {0.5f})}}), "");
}

TEST(Findings, FollowTheSignal) {
  const Report fading = {.activations = {relu("a"), relu("b", 0.5f), relu("c", 0.004f)}};
  EXPECT_EQ(found(fading), (Found{"a dead 33.3 %", "b dead 33.3 %", "c dead 33.3 %", "c step 0.008", "c ratio 0.004"}));
  EXPECT_NE(findings(fading)[3].remedy.find("fades"), std::string_view::npos);
  EXPECT_NE(findings(fading)[4].remedy.find("vanishes"), std::string_view::npos);
  const Report growing = {.activations = {relu("a"), relu("b", 1000)}};
  EXPECT_EQ(found(growing), (Found{"a dead 33.3 %", "b dead 33.3 %", "b step 1000", "b ratio 1000"}));
  EXPECT_NE(findings(growing)[3].remedy.find("explodes"), std::string_view::npos);
}

TEST(Findings, LeaveProbabilitiesOutOfTheSignal) {
  const Observation probabilities = observed("p", "softmax", {2, 2}, {0.5f, 0.5f, 0.4f, 0.6f});
  const Report report = {.activations = {relu("a"), probabilities}};
  EXPECT_EQ(signal(report).points.size(), 1u);
  EXPECT_FALSE(signal(report).ratio());
  EXPECT_EQ(found(report), (Found{"a dead 33.3 %", "p entropy 98.5 %"}));
}

TEST(Findings, HoldSeluToItsFixedPoint) {
  EXPECT_EQ(found({.activations = {observed("a", "selu", {4}, {1, -1, 1, -1})}}), Found{});
  EXPECT_EQ(found({.activations = {observed("a", "selu", {4}, {2, 0, 2, 0})}}), Found{"a drift 1"});
  EXPECT_EQ(found({.activations = {observed("a", "selu", {2}, {2, -2})}}), Found{"a drift 3"});
}

TEST(Findings, WithOneRemedyStandTogether) {
  const Report report = {.activations = {relu("a"), relu("b", 0.05f), relu("c", 20)}};
  const auto groups = by_remedy(findings(report));
  ASSERT_EQ(groups.size(), 3u) << "dead, a signal that fades, one that jumps";
  EXPECT_EQ(groups[0].size(), 3u);
  EXPECT_EQ(groups[1][0].activation, 1u);
  EXPECT_EQ(groups[2][0].activation, 2u);
}

TEST(Measures, HaveARemedyForEverySideThatCanBeBad) {
  for (const Measure& measure : measures()) {
    EXPECT_FALSE(measure.above.empty()) << measure.name;
    EXPECT_EQ(measure.below.empty(), measure.least == 0) << measure.name;
  }
}

TEST(ReportText, RoundsSharesButNeverToAllOrNothing) {
  EXPECT_EQ(percent_text(0), "0.0 %");
  EXPECT_EQ(percent_text(1), "100.0 %");
  EXPECT_EQ(percent_text(1e-6), "< 0.1 %");
  EXPECT_EQ(percent_text(1 - 1e-6), "> 99.9 %");
  EXPECT_EQ(percent_text(0.375), "37.5 %");
}

TEST(ReportText, ShortensLists) {
  EXPECT_EQ(list_text({}, 3), "");
  EXPECT_EQ(list_text({1, 2, 3}, 3), "1, 2, 3");
  EXPECT_EQ(list_text({1, 2, 3, 4, 5}, 3), "1, 2, 3 and 2 more");
}

}  // namespace
}  // namespace ranvier::health
