#include <gtest/gtest.h>

#include "runtime/optimizer/optimizer.h"
#include "runtime/optimizer/testing.h"

namespace ranvier::optimizer {
namespace {

using testing::describe;
using testing::Dialect;
using testing::graph_of;

std::string optimized(std::string_view text, const Dialect& dialect = {}, const Options& options = {}) {
  return describe(optimize(graph_of(text, dialect), options).graph);
}

struct Case {
  const char* node;
  const char* text;
};

TEST(RestoreActivations, AsExportersWriteThem) {
  for (const auto& [node, text] : {
           Case{"Gelu", "t1=Mul(0.5, x); t2=Neg(x); t3=Mul(t2, 0.707106769); t4=Erfc(t3); y=Mul(t1, t4)"},
           Case{"Gelu", "t1=Mul(0.5, x); t2=Neg(x); t3=Mul(t2, 0.707106769); t4=Erf(t3); t5=Sub(1, t4); y=Mul(t1, t5)"},
           Case{"Gelu", "t1=Mul(0.5, x); t2=Mul(x, 0.707106769); t3=Erf(t2); t4=Add(1, t3); y=Mul(t1, t4)"},
           Case{"Gelu", "t1=Div(x, 1.41421354); t2=Erf(t1); t3=Add(t2, 1); t4=Mul(0.5, t3); y=Mul(x, t4)"},
           Case{"Gelu", "t1=Mul(x, 0.5); t2=Div(x, 1.41421354); t3=Erf(t2); t4=Add(t3, 1); y=Mul(t1, t4)"},
           Case{"Swish", "t1=Sigmoid(x); y=Mul(x, t1)"},
           Case{"Swish", "t1=Mul(1, x); t2=Sigmoid(t1); y=Mul(x, t2)"},
           Case{"Swish{alpha=1.5}", "t1=Mul(1.5, x); t2=Sigmoid(t1); y=Mul(x, t2)"},
           Case{"Mish", "t1=Softplus(x); t2=Tanh(t1); y=Mul(x, t2)"},
       })
    EXPECT_EQ(optimized(text), node) << text;
}

}  // namespace
}  // namespace ranvier::optimizer
