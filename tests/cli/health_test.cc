// What `ranvier health` finds in models that were made to be ill, and in one that is not.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>

#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

using nlohmann::json;
using Indices = std::vector<std::int64_t>;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t units = 8;

/// One layer: y = activation(x + bias), of [rows, 8].
struct Layer {
  std::string activation;
  std::vector<float> bias;
};

onnx::ModelProto model_of(const std::vector<Layer>& layers) {
  onnx::ModelProto model = loader::testing::empty_model();
  onnx::GraphProto* graph = model.mutable_graph();
  loader::testing::declare(graph->add_input(), "x", {-1, units});
  std::string from = "x";
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string layer = fmt::format("sequential/layer_{}/", i);
    loader::testing::set_floats(graph->add_initializer(), layer + "bias", {units}, layers[i].bias);
    loader::testing::add_node(graph, "Add", {from, layer + "bias"}, {layer + "sum"}, layer + "BiasAdd");
    from = layer + layers[i].activation;
    loader::testing::add_node(graph, layers[i].activation, {layer + "sum"}, {from}, from);
  }
  loader::testing::declare(graph->add_output(), from, {-1, units});
  return model;
}

/// Rows of -1, -0.5, 0.5 and 1 in turn, other ones in every column.
std::string rows(std::int64_t count) {
  constexpr float values[] = {-1, -0.5f, 0.5f, 1};
  std::vector<float> all;
  for (std::int64_t i = 0; i < count; ++i)
    for (std::int64_t unit = 0; unit < units; ++unit) all.push_back(values[static_cast<std::size_t>(i + unit) % 4]);
  return npy({count, units}, all);
}

/// Whether every tag is closed in its turn, as XML asks for.
bool well_formed(const std::string& page) {
  const std::regex tags(R"(<(/?)([a-zA-Z0-9]+)((?:\s+[a-zA-Z0-9:-]+="[^"<]*")*)\s*(/?)>|<!DOCTYPE html>|[<>])");
  std::vector<std::string> open;
  for (auto tag = std::sregex_iterator(page.begin(), page.end(), tags); tag != std::sregex_iterator(); ++tag) {
    const std::string name = (*tag)[2];
    if (tag->str() == "<" || tag->str() == ">") return false;
    if (name.empty() || (*tag)[4] == "/") continue;
    if ((*tag)[1] != "/") {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return false;
    } else {
      open.pop_back();
    }
  }
  return open.empty();
}

class Health : public Cli {
 protected:
  Health() { write("x.npy", rows(100)); }

  /// The report on these layers and x.npy.
  json report(const std::vector<Layer>& layers, const Arguments& more = {}) const {
    write("model.onnx", model_of(layers));
    return report_on({"model.onnx", "-i", "x.npy"}, more);
  }

  json report_on(Arguments arguments, const Arguments& more = {}) const {
    arguments.insert(arguments.begin(), "health");
    arguments.push_back("--json");
    arguments.insert(arguments.end(), more.begin(), more.end());
    return json::parse(output_of(arguments));
  }

  const std::vector<float> no_bias = std::vector<float>(units, 0);
  const std::vector<float> slight_bias = std::vector<float>(units, 0.125f);
  const std::vector<Layer> ill = {{"Relu", {0, -9, 0, -9, 9, 0, 0, 0}}, {"Softmax", slight_bias}};
};

TEST_F(Health, ReportsOnTheDigits) {
  const json seen = report_on({"models/digits_mlp/model.onnx", "-i", "models/digits_mlp/x.npy"});
  EXPECT_EQ(seen["rows"], 360);
  ASSERT_EQ(seen["activations"].size(), 3u);
  const json& first = seen["activations"][0];
  EXPECT_EQ(first["name"], "dense_1");
  EXPECT_EQ(first["node"], "sequential_1/dense_1/MatMul");
  EXPECT_EQ(first["function"], "relu");
  EXPECT_EQ(first["shape"], json::parse(R"(["unk__5", 128])"));
  EXPECT_EQ(first["elements"], 360 * 128);
  EXPECT_EQ(first["units"]["count"], 128);
  EXPECT_EQ(first["units"]["dead"], first["units"]["never_on"]);
  EXPECT_EQ(first["minimum"], 0);
  const json& last = seen["activations"][2];
  EXPECT_EQ(last["name"], "probabilities_1");
  EXPECT_NEAR(last["mean"].get<double>(), 0.1, 1e-7);
  EXPECT_EQ(last["classes"]["rows"], 360);
  EXPECT_LT(last["classes"]["mean_entropy"], 0.1) << "it is nearly always sure";
  EXPECT_EQ(seen["not_seen"], json::array());
  EXPECT_EQ(seen["findings"], json::array());
}

TEST_F(Health, CountsEveryValueOnce) {
  const json seen = report_on({"models/digits_mlp/model.onnx", "-i", "models/digits_mlp/x.npy"});
  for (const json& each : seen["activations"]) {
    std::int64_t counted = each["zeros"].get<std::int64_t>() + each["nan"].get<std::int64_t>();
    for (const json& count : each["histogram"]["counts"]) counted += count.get<std::int64_t>();
    EXPECT_EQ(counted, each["elements"]);
    EXPECT_LE(each["histogram"]["counts"].size(), 64u);
    EXPECT_GE(each["histogram"]["to"], each["maximum"]);
  }
}

TEST_F(Health, NamesDeadUnitsAndThoseThatAreAlwaysOn) {
  const json seen = report(ill);
  const json& relu = seen["activations"][0];
  EXPECT_EQ(relu["units"]["dead"], (Indices{1, 3}));
  EXPECT_EQ(relu["units"]["never_on"], (Indices{1, 3}));
  EXPECT_EQ(relu["units"]["always_on"], (Indices{4}));
  EXPECT_EQ(relu["measures"]["dead"], 0.25);
  EXPECT_EQ(relu["zeros"], 200 + 250) << "of two units all, of five half";
  ASSERT_GE(seen["findings"].size(), 1u);
  EXPECT_EQ(seen["findings"][0]["activation"], "layer_0");
  EXPECT_EQ(seen["findings"][0]["measure"], "dead");
  EXPECT_EQ(seen["findings"][0]["fact"], "2 of 8 units are 0 for all of the data: 1, 3.");
}

TEST_F(Health, UnitsThatPassAGradientAreNeverOnButNotDead) {
  const json leaky = report({{"LeakyRelu", {0, -9, 0, 0, 0, 0, 0, 0}}})["activations"][0];
  EXPECT_EQ(leaky["units"]["never_on"], (Indices{1}));
  EXPECT_EQ(leaky["units"]["dead"], Indices{});
  EXPECT_EQ(leaky["measures"]["dead"], 0);
}

TEST_F(Health, SeesSaturation) {
  const std::vector<float> half_far = {9, -9, 9, -9, 0, 0, 0, 0};
  for (const char* activation : {"Sigmoid", "Tanh", "HardSigmoid", "Softsign", "Elu"}) {
    const json seen = report({{activation, half_far}});
    const bool lower_bound = std::string(activation) == "Elu";
    const bool slow = std::string(activation) == "Softsign";  // 0.99 is reached at 99
    EXPECT_EQ(seen["activations"][0]["flat"], lower_bound ? 200 : slow ? 0 : 400) << activation;
    EXPECT_EQ(seen["findings"].size(), lower_bound || slow ? 0u : 1u) << activation << seen["findings"];
  }
}

TEST_F(Health, CountsNaN) {
  std::vector<float> values(units * 3, 1);
  values[5] = nan;
  values[6] = std::numeric_limits<float>::infinity();
  write("x.npy", npy({3, units}, values));
  const json seen = report({{"Relu", no_bias}});
  const json& relu = seen["activations"][0];
  EXPECT_EQ(relu["nan"], 1);
  EXPECT_EQ(relu["infinite"], 1);
  EXPECT_EQ(relu["mean"], 1);
  EXPECT_EQ(relu["maximum"], 1);
  std::vector<std::string> measures;
  for (const json& each : seen["findings"]) measures.push_back(each["measure"]);
  EXPECT_EQ(measures, (std::vector<std::string>{"nan", "inf"})) << "three rows say nothing about units";
}

TEST_F(Health, IsTheSameInBatches) {
  const auto text = [&](const Arguments& more) {
    Arguments arguments = {"health", "models/digits_mlp/model.onnx", "-i", "models/digits_mlp/x.npy"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return output_of(arguments);
  };
  const std::string whole = text({"--batch-size", "0"});
  EXPECT_EQ(text({"--batch-size", "7"}), whole);
  EXPECT_EQ(text({"--batch-size", "100", "--threads", "1"}), whole);
  EXPECT_EQ(text({}), whole);
}

TEST_F(Health, LeavesOutRowsThatFillABatchUp) {
  onnx::ModelProto model = model_of(ill);
  model.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->mutable_shape()
      ->mutable_dim(0)
      ->set_dim_value(40);
  write("fixed.onnx", model);
  const Outcome outcome = run({"health", "fixed.onnx", "-i", "x.npy", "--json"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err,
            "ranvier: the model takes 40 rows at a time: the last 20 are filled up with copies of the last row\n");
  const json fixed = json::parse(outcome.out);
  const json free = report(ill);
  EXPECT_EQ(fixed["rows"], 100);
  EXPECT_EQ(fixed["activations"][0]["zeros"], free["activations"][0]["zeros"]);
  EXPECT_EQ(fixed["activations"][0]["elements"], free["activations"][0]["elements"]);
  EXPECT_EQ(fixed["activations"][1]["classes"]["rows"], 100);
}

TEST_F(Health, FollowsActivationsWhoseFirstDimensionIsNotTheRows) {
  const Arguments model = {"models/tutorial_3d_layers/model.onnx", "--random", "--shape", "6x5x16"};
  EXPECT_EQ(report_on(model, {"--batch-size", "4"})["activations"][0]["elements"], 6 * 5 * 32);
}

TEST_F(Health, PrintsATable) {
  write("model.onnx", model_of(ill));
  const std::string text = output_of({"health", "model.onnx", "-i", "x.npy"});
  EXPECT_TRUE(text.starts_with("model.onnx on x.npy: 100 rows, 2 activations\n\nActivation  Function  Shape")) << text;
  for (const char* part :
       {"\nlayer_0     relu      [", "\nlayer_0: never on 2 of 8 units: 1, 3\n",
        "\nlayer_0: always on 1 of 8 units: 4\n", "\nlayer_1: mean entropy ",
        "\nWhat is bad:\ndead: layer_0: 2 of 8 units are 0 for all of the data: 1, 3.\n  No gradient"})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

TEST_F(Health, AModelWithoutActivationsIsNoError) {
  write("identity.onnx", identity_model());
  write("two.csv", "1,2\n3,4\n");
  EXPECT_EQ(output_of({"health", "identity.onnx", "-i", "two.csv"}),
            "identity.onnx on two.csv: 2 rows, 0 activations\n\nnothing bad was found\n");
}

TEST_F(Health, FailsOnConditions) {
  write("model.onnx", model_of(ill));
  const auto health = [&](const std::string& conditions) {
    return run({"health", "model.onnx", "-i", "x.npy", "--fail-on", conditions});
  };
  const Outcome good = health("dead>25%,nan,zeros>=60%");
  EXPECT_EQ(good.code, 0);
  EXPECT_EQ(good.err, "");
  const Outcome bad = health("dead>20%,nan,zeros>50%");
  EXPECT_EQ(bad.code, 1);
  EXPECT_EQ(bad.err, "ranvier: dead>20%: layer_0: 25.0 %\nranvier: zeros>50%: layer_0: 56.2 %\n");
  EXPECT_EQ(bad.out, good.out);
}

TEST_F(Health, RefusesWrongConditionsBeforeAnythingElse) {
  const std::string names = "dead, always_on, zeros, flat, nan, inf, entropy, certain, drift, step, ratio";
  for (const std::string condition : {"ded>20%", "dead>many", ""})
    expect_error(2,
                 "--fail-on: '" + condition +
                     "' is no condition; expected NAME, NAME>20%, NAME<0.5, >= or <=, several with commas between; the "
                     "names are " +
                     names,
                 {"health", "none.onnx", "--fail-on", condition});
}

TEST_F(Health, SaysWhatIsWrong) {
  write("model.onnx", model_of(ill));
  expect_error(2, "no data for input 'x': give it with -i, or make it up with --random", {"health", "model.onnx"});
  expect_error(2, "--json and --html - both write to standard output",
               {"health", "model.onnx", "-i", "x.npy", "--json", "--html", "-"});
  expect_error(3, "none.onnx: cannot open the file: No such file or directory", {"health", "none.onnx"});
  const Outcome unwritable = run({"health", "model.onnx", "-i", "x.npy", "--html", "nowhere/page.html"});
  EXPECT_EQ(unwritable.code, 4);
  EXPECT_EQ(unwritable.err, "ranvier: nowhere/page.html: cannot be written: No such file or directory\n");
  EXPECT_EQ(unwritable.out, "");
}

TEST_F(Health, NamesTheNodeWhoseAttributeIsWrong) {
  onnx::ModelProto model = model_of({{"Elu", no_bias}});
  loader::testing::add_attribute(model.mutable_graph()->mutable_node(1), "alpha", onnx::AttributeProto::INT)->set_i(1);
  write("model.onnx", model);
  const Outcome refused = run({"run", "model.onnx", "-i", "x.npy"});
  EXPECT_EQ(refused.code, 3);
  expect_error(3, refused.err.substr(9, refused.err.size() - 10), {"health", "model.onnx", "-i", "x.npy"});
}

TEST_F(Health, TakesDataWithoutRows) {
  write("x.npy", rows(0));
  const json seen = report(ill);
  EXPECT_EQ(seen["rows"], 0);
  EXPECT_EQ(seen["activations"][0]["elements"], 0);
  EXPECT_EQ(seen["activations"][0]["mean"], nullptr);
  EXPECT_TRUE(well_formed(output_of({"health", "model.onnx", "-i", "x.npy", "--html", "-"})));
}

TEST_F(Health, DrawsManyUnitsInLittleSpace) {
  onnx::ModelProto model = loader::testing::empty_model();
  loader::testing::declare(model.mutable_graph()->add_input(), "x", {-1, 100'000});
  loader::testing::declare(model.mutable_graph()->add_output(), "y", {-1, 100'000});
  loader::testing::add_node(model.mutable_graph(), "Relu", {"x"}, {"y"}, "relu");
  write("wide.onnx", model);
  const std::string page = output_of({"health", "wide.onnx", "--random", "--shape", "3x100000", "--html", "-"});
  EXPECT_LT(page.size(), 200'000u);
  EXPECT_NE(page.find("Some units were seen fewer than 30 times"), std::string::npos);
}

TEST_F(Health, DrawsAPageThatNeedsNothingElse) {
  write("<i>&\"model\".onnx",
        model_of({{"Relu", {0, -9, 0, -9, 9, 0, 0, 0}}, {"Tanh", slight_bias}, {"Softmax", slight_bias}}));
  const Arguments arguments = {"health", "<i>&\"model\".onnx", "-i", "x.npy", "--html"};
  Arguments to_file = arguments;
  to_file.push_back("page.html");
  EXPECT_TRUE(output_of(to_file).starts_with("<i>&\"model\".onnx on x.npy: 100 rows")) << "the text as well";
  const std::string page = read("page.html");
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>\n"));
  EXPECT_TRUE(well_formed(page));
  for (const char* outside : {"http", "script", "src=", "@import", "url("})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  for (const char* part : {"<h1>&lt;i&gt;&amp;&quot;model&quot;.onnx</h1>", "prefers-color-scheme: dark", "id=\"a3\"",
                           "<title>unit 1: dead</title>", "2 dead: 1, 3", "1 always on: 4", "aria-label=\"histogram\""})
    EXPECT_NE(page.find(part), std::string::npos) << part;
  Arguments to_output = arguments;
  to_output.push_back("-");
  EXPECT_EQ(output_of(to_output), page);
  EXPECT_EQ(names(), (std::vector<std::string>{"<i>&\"model\".onnx", "page.html", "x.npy"}));
}

TEST_F(Health, DrawsWhatHasNoValuesOrNoUnits) {
  write("x.npy", npy({2, units}, std::vector<float>(2 * units, nan)));
  write("model.onnx", model_of({{"Relu", no_bias}, {"Sigmoid", slight_bias}, {"Softmax", slight_bias}}));
  const std::string page = output_of({"health", "model.onnx", "-i", "x.npy", "--html", "-"});
  EXPECT_TRUE(well_formed(page));
  EXPECT_NE(page.find("16 NaN"), std::string::npos);
  write("identity.onnx", identity_model());
  EXPECT_TRUE(well_formed(output_of({"health", "identity.onnx", "--random", "--html", "-"})));
}

}  // namespace
}  // namespace ranvier::cli
