#include "ranvier/c_api.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "runtime/c_api/testing.h"

namespace ranvier::c_api {
namespace {

using namespace testing;
using Floats = std::vector<float>;

TEST(CApi, TellsItsVersion) {
  EXPECT_EQ(ranvier_version(), RANVIER_VERSION);
  EXPECT_EQ(fmt::format("{}.{}.{}", RANVIER_VERSION_MAJOR, RANVIER_VERSION_MINOR, RANVIER_VERSION_PATCH),
            ranvier_version_text());
}

TEST(CApi, HasTheTypesOfTheCppInterface) {
  const auto expect = [](ranvier_type c, DataType cpp) { EXPECT_EQ(c, static_cast<ranvier_type>(cpp)) << name(cpp); };
  expect(RANVIER_FLOAT32, DataType::float32);
  expect(RANVIER_STRING, DataType::string);
  expect(RANVIER_BOOLEAN, DataType::boolean);
  expect(RANVIER_COMPLEX64, DataType::complex64);
  expect(RANVIER_BFLOAT16, DataType::bfloat16);
  expect(RANVIER_FLOAT8E5M2FNUZ, DataType::float8e5m2fnuz);
  expect(RANVIER_INT2, static_cast<DataType>(data_type_count - 1));
  for (ranvier_type type = 0; type < data_type_count; ++type)
    EXPECT_EQ(ranvier_type_name(type), name(static_cast<DataType>(type)));
  EXPECT_STREQ(ranvier_type_name(-1), "unknown");
  EXPECT_STREQ(ranvier_type_name(data_type_count), "unknown");
}

TEST(CApi, HasTheCodesOfTheCppInterface) {
  EXPECT_STREQ(ranvier_status_name(RANVIER_OK), "ok");
  EXPECT_STREQ(ranvier_status_name(RANVIER_INVALID_MODEL), "invalid_model");
  EXPECT_STREQ(ranvier_status_name(RANVIER_UNSUPPORTED), "unsupported");
  EXPECT_STREQ(ranvier_status_name(RANVIER_INVALID_ARGUMENT), "invalid_argument");
  EXPECT_STREQ(ranvier_status_name(RANVIER_IO), "io");
  EXPECT_STREQ(ranvier_status_name(RANVIER_OUT_OF_MEMORY), "out_of_memory");
  EXPECT_STREQ(ranvier_status_name(RANVIER_INTERNAL), "internal");
  EXPECT_STREQ(ranvier_status_name(RANVIER_SELF_TEST), "self_test");
  EXPECT_STREQ(ranvier_status_name(-1), "unknown");
}

TEST(CApi, TellsByteSizes) {
  const auto bytes = [](ranvier_type type, const ranvier_shape& shape) {
    std::size_t result = 0;
    EXPECT_EQ(ranvier_byte_size(type, &shape, &result), RANVIER_OK) << ranvier_last_error();
    return result;
  };
  EXPECT_EQ(bytes(RANVIER_FLOAT32, {0, {}}), 4);
  EXPECT_EQ(bytes(RANVIER_FLOAT64, {2, {3, 5}}), 120);
  EXPECT_EQ(bytes(RANVIER_INT4, {1, {3}}), 2);
  EXPECT_EQ(bytes(RANVIER_STRING, {1, {3}}), 3 * sizeof(char*));
  EXPECT_EQ(bytes(RANVIER_INT8, {2, {0, 7}}), 0);
}

TEST(CApi, DescribesAModel) {
  onnx::ModelProto proto = loader::testing::empty_model();
  declare(proto.mutable_graph()->add_input(), "pixels", RANVIER_FLOAT32, {-1, 64});
  proto.mutable_graph()
      ->mutable_input(0)
      ->mutable_type()
      ->mutable_tensor_type()
      ->mutable_shape()
      ->mutable_dim(0)
      ->set_dim_param("batch");
  proto.mutable_graph()->add_output()->set_name("scores");
  loader::testing::add_node(proto.mutable_graph(), "Relu", {"pixels"}, {"scores"});
  const auto model = parse(loader::serialize(proto));
  std::size_t count = 0;
  EXPECT_EQ(ranvier_model_input_count(model.get(), &count), RANVIER_OK);
  EXPECT_EQ(count, 1);
  EXPECT_EQ(ranvier_model_output_count(model.get(), &count), RANVIER_OK);
  EXPECT_EQ(count, 1);
  auto port = sized<ranvier_port>();
  ASSERT_EQ(ranvier_model_input(model.get(), 0, &port), RANVIER_OK);
  EXPECT_STREQ(port.name, "pixels");
  EXPECT_EQ(port.type, RANVIER_FLOAT32);
  EXPECT_NE(port.ranked, 0);
  ASSERT_EQ(port.shape.rank, 2);
  EXPECT_EQ(port.shape.dims[0], -1);
  EXPECT_STREQ(port.symbols[0], "batch");
  EXPECT_EQ(port.shape.dims[1], 64);
  EXPECT_STREQ(port.symbols[1], "");
  EXPECT_EQ(port.optional, 0);
  EXPECT_EQ(port.struct_size, sizeof port);
  ASSERT_EQ(ranvier_model_output(model.get(), 0, &port), RANVIER_OK);
  EXPECT_STREQ(port.name, "scores");
  std::size_t index = 7;
  EXPECT_EQ(ranvier_model_find_input(model.get(), "pixels", &index), RANVIER_OK);
  EXPECT_EQ(index, 0);
  EXPECT_EQ(ranvier_model_find_output(model.get(), "scores", &index), RANVIER_OK);
  EXPECT_EQ(said(ranvier_model_find_output(model.get(), "pixels", &index)),
            "invalid_argument: the model has no output 'pixels'; it has 'scores'");
  EXPECT_EQ(said(ranvier_model_input(model.get(), 1, &port)),
            "invalid_argument: there is no number 1: the model has 1");
}

TEST(CApi, StructsOfOtherVersionsAreTaken) {
  struct Later {
    ranvier_port port;
    std::uint64_t more[4];
  } later = {sized<ranvier_port>(), {1, 2, 3, 4}};
  later.port.struct_size = sizeof later;
  const auto model = parse(relu());
  ASSERT_EQ(ranvier_model_input(model.get(), 0, &later.port), RANVIER_OK) << ranvier_last_error();
  EXPECT_EQ(later.port.struct_size, sizeof later);
  EXPECT_STREQ(later.port.name, "x");
  for (const std::uint64_t each : later.more) EXPECT_EQ(each, 0) << "a later field has its default";

  struct LaterOptions {
    ranvier_session_options options;
    std::uint64_t more;
  } options = {sized<ranvier_session_options>(), 0};
  options.options.struct_size = sizeof options;
  ranvier_session* session = nullptr;
  ASSERT_EQ(ranvier_session_create(model.get(), &options.options, &session), RANVIER_OK) << ranvier_last_error();
  EXPECT_EQ(ranvier_session_destroy(session), RANVIER_OK);
  options.more = 1;
  EXPECT_EQ(said(ranvier_session_create(model.get(), &options.options, &session)),
            "invalid_argument: ranvier_session_options sets an option that this version of Ranvier does not have");
  options.options.struct_size = 0;
  EXPECT_EQ(said(ranvier_session_create(model.get(), &options.options, &session)),
            fmt::format("invalid_argument: ranvier_session_options.struct_size is 0, expected "
                        "sizeof(ranvier_session_options), which is {}",
                        sizeof(ranvier_session_options)));
}

TEST(CApi, RunsIntoTheCallersMemory) {
  const auto session = session_of(relu());
  const Floats x = {1, -2, 3, -4};
  Floats y(4, -1);
  const ranvier_input from = input(RANVIER_FLOAT32, {2, {2, 2}}, x);
  const ranvier_output to = output(RANVIER_FLOAT32, {2, {2, 2}}, y);
  ASSERT_EQ(ranvier_session_run_into(session.get(), &from, 1, &to, 1), RANVIER_OK) << ranvier_last_error();
  EXPECT_EQ(y, (Floats{1, 0, 3, 0}));
  ranvier_shape shape;
  ASSERT_EQ(ranvier_session_output_shapes(session.get(), &from.shape, 1, &shape, 1), RANVIER_OK);
  EXPECT_EQ(shape.rank, 2);
  EXPECT_EQ(shape.dims[0], 2);
  EXPECT_EQ(shape.dims[1], 2);
}

TEST(CApi, RunsIntoTensorsThatAreInputsAgain) {
  const auto session = session_of(relu());
  const Floats x = {1, -2};
  const ranvier_input from = input(RANVIER_FLOAT32, {2, {1, 2}}, x);
  ranvier_tensor* y = nullptr;
  ASSERT_EQ(ranvier_session_run(session.get(), &from, 1, &y, 1), RANVIER_OK) << ranvier_last_error();
  ranvier_input view;
  ASSERT_EQ(ranvier_tensor_view(y, &view), RANVIER_OK);
  EXPECT_EQ(view.type, RANVIER_FLOAT32);
  EXPECT_EQ(view.bytes, 8);
  EXPECT_EQ(static_cast<const float*>(view.data)[0], 1);
  EXPECT_EQ(static_cast<const float*>(view.data)[1], 0);
  ranvier_tensor* z = nullptr;
  ASSERT_EQ(ranvier_session_run(session.get(), &view, 1, &z, 1), RANVIER_OK) << ranvier_last_error();
  EXPECT_EQ(ranvier_tensor_destroy(y), RANVIER_OK);
  EXPECT_EQ(ranvier_tensor_destroy(z), RANVIER_OK);
}

TEST(CApi, BindingsReadWhatTheInputsHoldThen) {
  Floats x = {1, -2};
  Floats y(2);
  const ranvier_input from = input(RANVIER_FLOAT32, {2, {1, 2}}, x);
  const ranvier_output to = output(RANVIER_FLOAT32, {2, {1, 2}}, y);
  ranvier_binding* binding = nullptr;
  // The session, and the model before it, may go.
  ASSERT_EQ(ranvier_session_bind(session_of(relu()).get(), &from, 1, &to, 1, &binding), RANVIER_OK);
  const Owned<ranvier_binding> owner(binding);
  ASSERT_EQ(ranvier_binding_run(binding), RANVIER_OK);
  EXPECT_EQ(y, (Floats{1, 0}));
  x = {-1, 2};
  ASSERT_EQ(ranvier_binding_run(binding), RANVIER_OK);
  EXPECT_EQ(y, (Floats{0, 2}));
}

TEST(CApi, ABindingTellsWhatElementWasWrong) {
  const auto session = session_of(gather());
  const Floats x = {1, 2, 3, 4, 5, 6};
  std::vector<std::int64_t> index = {2};
  Floats y(2);
  const ranvier_input from[] = {input(RANVIER_FLOAT32, {2, {3, 2}}, x), input(RANVIER_INT64, {1, {1}}, index)};
  const ranvier_output to = output(RANVIER_FLOAT32, {2, {1, 2}}, y);
  ranvier_binding* binding = nullptr;
  ASSERT_EQ(ranvier_session_bind(session.get(), from, 2, &to, 1, &binding), RANVIER_OK) << ranvier_last_error();
  const Owned<ranvier_binding> owner(binding);
  EXPECT_EQ(ranvier_binding_run(binding), RANVIER_OK);
  EXPECT_EQ(y, (Floats{5, 6}));
  index[0] = 3;
  EXPECT_EQ(ranvier_binding_run(binding), RANVIER_INVALID_ARGUMENT);
  EXPECT_TRUE(std::strstr(ranvier_last_error(), "pick") != nullptr) << ranvier_last_error();
}

TEST(CApi, OptionalInputsMayBeLeftOut) {
  const auto session = session_of(add_with_default());
  const Floats x = {10, 20};
  Floats y(2);
  const ranvier_input from[] = {input(RANVIER_FLOAT32, {1, {2}}, x), {}};
  const ranvier_output to = output(RANVIER_FLOAT32, {1, {2}}, y);
  for (const std::size_t given : {1, 2}) {
    y = {};
    y.resize(2);
    ASSERT_EQ(ranvier_session_run_into(session.get(), from, given, &to, 1), RANVIER_OK) << ranvier_last_error();
    EXPECT_EQ(y, (Floats{11, 22}));
  }
  const ranvier_input both[] = {from[0], from[0]};
  ASSERT_EQ(ranvier_session_run_into(session.get(), both, 2, &to, 1), RANVIER_OK) << ranvier_last_error();
  EXPECT_EQ(y, (Floats{20, 40}));
}

TEST(CApi, StringsGoInAndOut) {
  const auto session = session_of(one_operator("Identity", RANVIER_STRING, RANVIER_STRING, {-1}, {-1}));
  const std::vector<const char*> x = {"one", "", "zwölf"};
  const ranvier_input from = input(RANVIER_STRING, {1, {3}}, x);
  ranvier_tensor* y = nullptr;
  ASSERT_EQ(ranvier_session_run(session.get(), &from, 1, &y, 1), RANVIER_OK) << ranvier_last_error();
  const Owned<ranvier_tensor> owner(y);
  ranvier_input view;
  ASSERT_EQ(ranvier_tensor_view(y, &view), RANVIER_OK);
  ASSERT_EQ(view.bytes, 3 * sizeof(char*));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_STREQ(static_cast<const char* const*>(view.data)[i], x[i]);
}

TEST(CApi, OptionsReachTheModel) {
  auto options = sized<ranvier_model_options>();
  options.unoptimized = 1;
  options.strict_onnx = 1;
  EXPECT_NE(parse(relu(), &options), nullptr);
  ranvier_model* refused = nullptr;
  const std::string bytes = add_with_default();
  options.node_limit = 1;
  const char* taps[] = {"b", nullptr};
  options.taps = taps;
  options.tap_count = 1;
  std::size_t outputs = 0;
  EXPECT_EQ(ranvier_model_output_count(parse(bytes, &options).get(), &outputs), RANVIER_OK);
  EXPECT_EQ(outputs, 2);
  options.tap_count = 2;
  EXPECT_EQ(said(ranvier_model_parse(bytes.data(), bytes.size(), &options, &refused)),
            "invalid_argument: a tap is NULL");
  options.tap_count = 0;
  options.memory_limit = 10;
  EXPECT_EQ(ranvier_model_parse(bytes.data(), bytes.size(), &options, &refused), RANVIER_OUT_OF_MEMORY);
  options.memory_limit = 0;
  options.self_test = 1;
  EXPECT_EQ(said(ranvier_model_parse(bytes.data(), bytes.size(), &options, &refused)),
            "invalid_argument: self_test asks for test data beside a file: only Model::load has one");
  auto session_options = sized<ranvier_session_options>();
  session_options.memory_limit = 16;
  ranvier_session* session = nullptr;
  ASSERT_EQ(ranvier_session_create(parse(relu()).get(), &session_options, &session), RANVIER_OK);
  const Owned<ranvier_session> limited(session);
  session_options.threads = 2000;
  EXPECT_EQ(said(ranvier_session_create(parse(relu()).get(), &session_options, &session)),
            "invalid_argument: threads is 2000, expected 0 (as many as there are) to 1024");
  EXPECT_EQ(session, nullptr);
}

TEST(CApi, ErrorsAreThoseOfTheThread) {
  EXPECT_EQ(ranvier_model_load("nowhere.onnx", nullptr, nullptr), RANVIER_INVALID_ARGUMENT);
  EXPECT_STREQ(ranvier_last_error(), "model is NULL");
  std::thread([] {
    EXPECT_STREQ(ranvier_last_error(), "");
    ranvier_model* model = nullptr;
    EXPECT_EQ(ranvier_model_load("nowhere.onnx", nullptr, &model), RANVIER_IO);
    EXPECT_EQ(std::string(ranvier_last_error()).substr(0, 13), "nowhere.onnx:");
  }).join();
  EXPECT_STREQ(ranvier_last_error(), "model is NULL");
  EXPECT_NE(parse(relu()), nullptr);
  EXPECT_STREQ(ranvier_last_error(), "model is NULL") << "a success changes nothing";
}

}  // namespace
}  // namespace ranvier::c_api
