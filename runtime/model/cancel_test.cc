// Runs that another thread, or a custom operator, asks to end.
#include <gtest/gtest.h>

#include "runtime/model/model_testing.h"

namespace ranvier {
namespace {

using loader::testing::error_of;
using testing::parse;

/// x -> first -> middle -> last -> y, custom operators that count their calls. The first asks for a stop where
/// `stops` is set.
struct Chain {
  Chain() {
    onnx::ModelProto proto = loader::testing::empty_model();
    auto* import = proto.add_opset_import();
    import->set_domain("com.example");
    import->set_version(1);
    onnx::GraphProto* graph = proto.mutable_graph();
    loader::testing::declare(graph->add_input(), "x", {1});
    loader::testing::declare(graph->add_output(), "y", {1});
    loader::testing::add_node(graph, "First", {"x"}, {"a"})->set_domain("com.example");
    loader::testing::add_node(graph, "Last", {"a"}, {"y"})->set_domain("com.example");
    const auto types = [](const CustomNode& node) { return std::vector<TensorType>{node.input_type(0)}; };
    const CustomOperator first = {
        .domain = "com.example", .name = "First", .types = types, .compute = [this](const CustomCall&) {
          if (stops) source.request_stop();
        }};
    const CustomOperator last = {
        .domain = "com.example", .name = "Last", .types = types, .compute = [this](const CustomCall&) { ++finished; }};
    model.emplace(parse(proto, {.operators = {first, last}}));
  }

  std::optional<Model> model;
  std::stop_source source;
  bool stops = true;
  int finished = 0;
};

const Tensor x = Tensor::of<float>({1}, {1});
const std::string cancelled = "cancelled: the run was cancelled";

TEST(Cancel, EndsARunBeforeItsNextStep) {
  for (const bool reference : {false, true}) {
    Chain chain;
    const Session session(*chain.model, {.reference = reference});
    EXPECT_EQ(error_of([&] { session.run({x}, {.stop = chain.source.get_token()}); }), cancelled);
    EXPECT_EQ(chain.finished, 0);
    session.run({x});
    EXPECT_EQ(chain.finished, 1) << "who does not give the token is not asked to stop";
  }
}

TEST(Cancel, ARunThatWasCancelledBeforehandDoesNotBegin) {
  Chain chain;
  chain.source.request_stop();
  EXPECT_EQ(error_of([&] { Session(*chain.model).run({x}, {.stop = chain.source.get_token()}); }), cancelled);
  EXPECT_EQ(chain.finished, 0);
}

TEST(Cancel, ATokenThatIsNotUsedChangesNothing) {
  Chain chain;
  chain.stops = false;
  Session(*chain.model).run({x}, {.stop = chain.source.get_token()});
  EXPECT_EQ(chain.finished, 1);
}

TEST(Cancel, EndsABindingsRunWhichMayRunAgain) {
  Chain chain;
  Binding binding = Session(*chain.model).bind({x}, {Tensor()});
  EXPECT_FALSE(binding.run(chain.source.get_token()));
  EXPECT_EQ(chain.finished, 0);
  ASSERT_TRUE(binding.error());
  EXPECT_EQ(binding.error()->code(), ErrorCode::cancelled);
  EXPECT_TRUE(binding.run());
  EXPECT_EQ(chain.finished, 1);
}

}  // namespace
}  // namespace ranvier
