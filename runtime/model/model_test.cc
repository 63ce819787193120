#include "ranvier/model.h"

#include <gtest/gtest.h>

#include "runtime/executor/model_parts.h"
#include "runtime/graph/testing.h"
#include "runtime/loader/tensor_file.h"
#include "runtime/model/model_testing.h"

namespace ranvier {
namespace {

using graph::testing::operators_of;
using loader::testing::error_of;
using loader::testing::TemporaryFolder;
using loader::testing::without_path;
using testing::dense_model;
using testing::floats;
using testing::parse;

using Floats = std::vector<float>;

TEST(Model, FindsItsInputsAndOutputsByName) {
  const Model model = parse(dense_model(), {.taps = {"sum"}});
  EXPECT_EQ(model.input_index("x"), 0u);
  EXPECT_EQ(model.output_index("sum"), 1u);
  EXPECT_EQ(error_of([&] { (void)model.input_index("X"); }),
            "invalid_argument: the model has no input 'X'; it has 'x'");
  EXPECT_EQ(error_of([&] { (void)model.output_index("z"); }),
            "invalid_argument: the model has no output 'z'; it has 'y', 'sum'");
}

TEST(Taps, GiveWhatWasFusedAwayAndLeaveTheRestFused) {
  ASSERT_EQ(operators_of(parse(dense_model()).parts().graph), (std::vector<std::string>{"Dense"}));
  const Model model = parse(dense_model(), {.taps = {"sum"}});
  EXPECT_EQ(operators_of(model.parts().graph), (std::vector<std::string>{"Dense", "Relu"}));
  ASSERT_EQ(model.outputs().size(), 2u);
  EXPECT_EQ(model.outputs()[1].name, "sum");
  const std::vector<Tensor> outputs = Session(model).run({Tensor::of<float>({1, 2}, {1, 1})});
  EXPECT_EQ(floats(outputs[0]), (Floats{14, 0}));
  EXPECT_EQ(floats(outputs[1]), (Floats{14, -14}));
}

TEST(Taps, MayNameInputsConstantsAndOutputs) {
  const Model model = parse(dense_model(), {.taps = {"bias", "y", "x", "bias"}});
  ASSERT_EQ(model.outputs().size(), 3u);
  const std::vector<Tensor> outputs = Session(model).run({Tensor::of<float>({1, 2}, {1, 1})});
  EXPECT_EQ(floats(outputs[0]), (Floats{14, 0}));
  EXPECT_EQ(floats(outputs[1]), (Floats{10, -20}));
  EXPECT_EQ(floats(outputs[2]), (Floats{1, 1}));
}

TEST(Taps, AreAlsoMadeOfAModelThatIsThere) {
  const Model model = parse(dense_model(), {.taps = {"sum"}});
  const Model more = model.tapped(std::vector<std::string>{"product"});
  EXPECT_EQ(model.outputs().size(), 2u);
  ASSERT_EQ(more.outputs().size(), 3u);
  const std::vector<Tensor> outputs = Session(more).run({Tensor::of<float>({1, 2}, {1, 1})});
  EXPECT_EQ(floats(outputs[1]), (Floats{14, -14}));
  EXPECT_EQ(floats(outputs[2]), (Floats{4, 6}));
}

TEST(Taps, SayWhichValuesThereAre) {
  EXPECT_EQ(error_of([] { parse(dense_model(), {.taps = {"product:0"}}); }),
            "invalid_argument: the model has no value 'product:0' to tap; it has 'x', 'weights', 'bias', 'product', "
            "'sum', 'y'");
}

TEST(Limits, RefuseModelsWithTooManyNodes) {
  parse(dense_model(), {.node_limit = 3});
  EXPECT_EQ(error_of([] { parse(dense_model(), {.node_limit = 2}); }),
            "unsupported: the model has more than 2 nodes, those of its functions included");
}

TEST(Limits, RefuseModelsThatTakeTooMuchMemory) {
  const std::size_t size = loader::serialize(dense_model()).size();
  parse(dense_model(), {.memory_limit = size});
  EXPECT_EQ(error_of([&] { parse(dense_model(), {.memory_limit = size - 1}); }),
            fmt::format("out_of_memory: the model has {} bytes, the limit is {}", size, size - 1));
}

TEST(Limits, CountConstantsThatLieOutsideOfTheFile) {
  const TemporaryFolder folder;
  folder.write("weights.bin", std::string(1 << 20, '\0'));
  onnx::ModelProto proto = dense_model();
  onnx::TensorProto* weights = proto.mutable_graph()->mutable_initializer(0);
  weights->clear_float_data();
  weights->set_dims(0, 2 << 16);
  weights->set_data_location(onnx::TensorProto::EXTERNAL);
  auto* location = weights->add_external_data();
  location->set_key("location");
  location->set_value("weights.bin");
  EXPECT_EQ(error_of([&] { parse(proto, {.external_data_folder = folder.path(), .memory_limit = 1'000'000}); }),
            "out_of_memory: tensor 'weights': it takes 1048576 bytes, the model's constants may take 1000000, 1000000 "
            "of which are left");
  parse(proto, {.external_data_folder = folder.path(), .memory_limit = 1'048'576 + 8});
}

/// A folder with the model, what it makes of [1, 1], and `wanted` as the output that it should have.
struct Tested {
  explicit Tested(const Tensor& wanted) {
    file = folder.write("model.onnx", loader::serialize(dense_model()));
    std::filesystem::create_directory(folder.path() / "test_data_set_0");
    loader::save_tensor(folder.path() / "test_data_set_0/input_0.pb", Tensor::of<float>({1, 2}, {1, 1}));
    loader::save_tensor(folder.path() / "test_data_set_0/output_0.pb", wanted);
  }
  std::string error(const ModelOptions& options) const {
    return without_path(error_of([&] { Model::load(file, options); }), file);
  }

  TemporaryFolder folder;
  std::filesystem::path file;
};

TEST(SelfTest, ComparesWithTheDataBesideTheFile) {
  const Tested right(Tensor::of<float>({1, 2}, {14, 0}));
  EXPECT_EQ(right.error({.self_test = SelfTest{}}), "");
  EXPECT_EQ(right.error({.taps = {"sum"}, .self_test = SelfTest{}}), "");
  const Tested wrong(Tensor::of<float>({1, 2}, {14, 0.5f}));
  EXPECT_EQ(wrong.error({}), "");
  EXPECT_EQ(wrong.error({.self_test = SelfTest{}}),
            "self_test: FILE: self-test: test_data_set_0, output 'y': 1 of 2 elements differ, most at [0, 1]: 0 "
            "instead of 0.5");
  EXPECT_EQ(wrong.error({.self_test = SelfTest{.atol = 0.6}}), "");
}

TEST(SelfTest, SaysWhatItNeeds) {
  const Tested two_outputs(Tensor::of<float>({1, 2}, {14, 0}));
  loader::save_tensor(two_outputs.folder.path() / "test_data_set_0/output_1.pb", Tensor::of<float>({1}, {0}));
  EXPECT_EQ(two_outputs.error({.self_test = SelfTest{}}),
            "self_test: FILE: self-test: test_data_set_0, 1 outputs instead of 2");
  std::filesystem::remove(two_outputs.folder.path() / "test_data_set_0/input_0.pb");
  EXPECT_EQ(two_outputs.error({.self_test = SelfTest{}}),
            "invalid_argument: FILE: test_data_set_0: input 'x' is missing");
  std::filesystem::remove_all(two_outputs.folder.path() / "test_data_set_0");
  EXPECT_EQ(two_outputs.error({.self_test = SelfTest{}}),
            "io: FILE: self-test: there is no folder test_data_set_0 beside the file");
  EXPECT_EQ(error_of([] { parse(dense_model(), {.self_test = SelfTest{}}); }),
            "invalid_argument: self_test asks for test data beside a file: only Model::load has one");
}

}  // namespace
}  // namespace ranvier
