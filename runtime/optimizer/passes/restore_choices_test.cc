#include <gtest/gtest.h>

#include "runtime/optimizer/passes.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::Dialect;
using testing::graph_of;

/// The graph after the pass, as text.
std::string chosen(std::string_view text, const Dialect& dialect = {}, const Options& options = {}) {
  const graph::Graph graph = graph_of(text, dialect);
  return testing::describe(graph::apply(graph, graph::merge(restore_choices(graph, options), graph.values.size())));
}

const std::string masks = "c=Greater(x, 1); d=Not(c); p=Cast{to=1}(c); q=Cast{to=1}(d);";

TEST(RestoreChoices, InEveryOrder) {
  const char* where = "Greater Exp Where";
  EXPECT_EQ(chosen(masks + "e=Exp(x); a=Mul(p, e); b=Mul(q, x); y=Add(a, b)"), where);
  EXPECT_EQ(chosen(masks + "e=Exp(x); a=Mul(e, p); b=Mul(q, x); y=Add(b, a)"), where);
  EXPECT_EQ(chosen(masks + "e=Exp(x); a=Mul(e, q); b=Mul(x, p); y=Add(b, a)"), where);
  EXPECT_EQ(chosen(masks + "a=Mul(0, q); b=Mul(x, p); y=Add(b, a)"), "Greater Where");
  EXPECT_EQ(chosen(masks + "b=Mul(x, q); y=Add(b, p)"), "Greater Where") << "p is 1 under a mask";
  EXPECT_EQ(chosen("c=Greater(x, 1); d=Not(c); e=Not(d); p=Cast{to=1}(d); q=Cast{to=1}(e); a=Mul(0, q); b=Mul(p, x);"
                   "y=Add(b, a)"),
            "Greater Not Where");
}

TEST(RestoreChoices, OneWithinTheOther) {
  EXPECT_EQ(chosen(masks + "a=Mul(p, x); b=Mul(q, 2); t=Add(a, b); k=Less(x, -1); l=Not(k); m=Cast{to=1}(k);"
                           "n=Cast{to=1}(l); u=Mul(m, t); v=Mul(n, 3); y=Add(u, v)"),
            "Greater Less Where Where");
}

TEST(RestoreChoices, ChoosesWhatTheMasksChoose) {
  const std::string text = masks + "a=Mul(p, x); b=Mul(q, -3); y=Add(a, b)";
  const graph::Graph graph = graph_of(text, {.shape = {4}});
  const graph::Graph after = graph::apply(graph, graph::merge(restore_choices(graph, {}), graph.values.size()));
  const float infinity = std::numeric_limits<float>::infinity();
  const Tensor got = testing::evaluated(after, Tensor::of<float>({4}, {0.5f, 1.5f, infinity, -infinity}));
  EXPECT_EQ(std::vector<float>(got.values<float>().begin(), got.values<float>().end()),
            (std::vector<float>{-3, 1.5f, infinity, -3}));
}

TEST(RestoreChoices, LeavesWhatIsNoChoice) {
  const auto stays = [](const std::string& rest) {
    EXPECT_EQ(chosen(masks + rest).find("Where"), std::string::npos) << rest;
  };
  stays("a=Mul(p, x); b=Mul(p, 2); y=Add(a, b)");                                 // one mask
  stays("a=Mul(p, x); b=Mul(q, 2); y=Sub(a, b)");                                 // a difference
  stays("a=Mul(p, x); b=Mul(q, 2); y=Add(a, b) -> y, a");                         // one half is needed
  stays("a=Mul(p, x); b=Add(q, 2); y=Add(a, b)");                                 // no mask on the other half
  stays("k=Less(x, 1); m=Cast{to=1}(k); a=Mul(p, x); b=Mul(m, 2); y=Add(a, b)");  // not the opposite, at 1
  stays("k=Not(d); m=Cast{to=1}(k); a=Mul(p, x); b=Mul(m, 2); y=Add(a, b)");      // opposite of the opposite
  stays("n=Cast{to=1}(x); a=Mul(p, x); b=Mul(n, 2); y=Add(a, b)");                // numbers, no condition
}

TEST(RestoreChoices, SaysWhyNot) {
  const auto why = [](const std::string& text, const Options& options = {}, const Dialect& dialect = {}) {
    return fmt::format("{}", fmt::join(refused_choices(graph_of(text, dialect), options), "\n"));
  };
  const std::string start = "node 'y' (Add, opset 17) adds values under masks and becomes no Where: ";
  EXPECT_EQ(why(masks + "a=Mul(p, x); b=Mul(q, 2); y=Add(a, b) -> y, a"),
            start + "'a' in between is needed elsewhere, too");
  EXPECT_EQ(
      why("c=Greater(x, 1); p=Cast{to=1}(c); k=Less(x, 1); m=Cast{to=1}(k); a=Mul(p, x); b=Mul(m, 2); y=Add(a, b)"),
      start + "neither of 'c' and 'k' is the other's Not");
  EXPECT_EQ(why(masks + "a=Mul(p, x); b=Mul(q, 2); y=Add(a, b)", {.strict_onnx = true}),
            start + "strict_onnx keeps what the file gives at NaN and infinities");
  EXPECT_EQ(why(masks + "a=Mul(p, x); b=Mul(q, 2); y=Add(a, b)"), "");
  EXPECT_EQ(why(masks + "a=Mul(p, x); b=Add(q, 2); y=Add(a, b)"), "") << "no mask on the other half";
  EXPECT_EQ(why("c=Greater(x, 1); p=Cast{to=1}(c); k=Less(x, 1); m=Cast{to=1}(k); y=Add(p, m)"), "")
      << "counts conditions";
}

TEST(RestoreChoices, StrictOnnxKeepsNaN) {
  const std::string text = masks + "a=Mul(p, x); b=Mul(q, 2); y=Add(a, b)";
  EXPECT_NE(chosen(text), chosen(text, {}, {.strict_onnx = true}));
  const std::string integers =
      "c=Greater(x, 1i); d=Not(c); p=Cast{to=7}(c); q=Cast{to=7}(d); a=Mul(p, x); b=Mul(q, 2i);"
      "y=Add(a, b)";
  EXPECT_EQ(chosen(integers, {.type = DataType::int64}, {.strict_onnx = true}), "Greater Where");
}

TEST(RestoreChoices, OldProductsDoNotBroadcast) {
  EXPECT_EQ(chosen(masks + "a=Mul(p, x); b=Mul(q, x); y=Add(a, b)", {.version = 6}).find("Where"), std::string::npos);
}

}  // namespace
}  // namespace ranvier::optimizer
