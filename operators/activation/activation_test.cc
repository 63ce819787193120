#include "operators/activation/activation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "operators/table.h"
#include "operators/testing.h"

namespace ranvier::operators {
namespace {

using testing::Attributes;
using testing::elements;
using testing::error_of;
using testing::run;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float highest = std::numeric_limits<float>::max();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float ln2 = 0.693147180559945309f;
constexpr float tiny = 0x1p-140f;  ///< Denormal: 512 steps above zero.

Tensor vector(std::initializer_list<float> values) {
  return Tensor::of<float>({static_cast<std::int64_t>(values.size())}, values);
}

// Values by mpmath with 60 digits, from the formulas of the ONNX text.

struct Values {
  const char* op_type;
  std::int64_t version;
  Attributes attributes;
  std::vector<double> expected;
};

// clang-format off
const std::vector<double> points = {-100, -30, -5.5, -3, -1, -0.125, -9.5367431640625e-7, 9.5367431640625e-7, 0.25, 1, 2.5, 6, 40};

const Values values_at_points[] = {
    {"Celu", 12, {}, {-1, -0.99999999999990642, -0.99591322856153593, -0.95021293163213606, -0.63212055882855768, -0.1175030974154046, -9.5367386165904367e-7, 9.5367431640625e-7, 0.25, 1, 2.5, 6, 40}},
    {"Celu", 12, {{"alpha", 2.5f}}, {-2.5, -2.4999846394691167, -2.2229921040941653, -1.7470144702194948, -0.82419988491090175, -0.12192643874821498, -9.5367413450733278e-7, 9.5367431640625e-7, 0.25, 1, 2.5, 6, 40}},
    {"Elu", 1, {}, {-1, -0.99999999999990642, -0.99591322856153593, -0.95021293163213606, -0.63212055882855768, -0.1175030974154046, -9.5367386165904367e-7, 9.5367431640625e-7, 0.25, 1, 2.5, 6, 40}},
    {"Elu", 22, {{"alpha", 1.75f}}, {-1.75, -1.7499999999998362, -1.7428481499826879, -1.6628726303562381, -1.1062109779499759, -0.20563042047695804, -1.6689292579033264e-6, 9.5367431640625e-7, 0.25, 1, 2.5, 6, 40}},
    {"Gelu", 20, {}, {0, -1.4720141781444561e-196, -1.0444259356238246e-7, -0.0040496940948902836, -0.15865525393145705, -0.056282721896235888, -4.7683679536723466e-7, 4.7683752103901534e-7, 0.14967658142073093, 0.84134474606854295, 2.4844758366855597, 5.9999999940804741, 40}},
    {"Gelu", 20, {{"approximate", std::string("tanh")}}, {0, 0, -5.927640263880262e-9, -0.0036373920817730188, -0.1588080093917233, -0.056282801375776612, -4.7683679536723466e-7, 4.7683752103901534e-7, 0.149675350701685, 0.8411919906082767, 2.4849157339100014, 5.9999999999156035, 40}},
    {"HardSigmoid", 1, {}, {0, 0, 0, 0, 0.29999999701976776, 0.47499999962747097, 0.49999980926513388, 0.50000019073486612, 0.55000000074505806, 0.70000000298023224, 1, 1, 1}},
    {"HardSigmoid", 6, {{"alpha", 0.5f}, {"beta", 0.625f}}, {0, 0, 0, 0, 0.125, 0.5625, 0.6249995231628418, 0.6250004768371582, 0.75, 1, 1, 1, 1}},
    {"HardSwish", 14, {}, {0, 0, 0, 0, -0.33333333333333333, -0.059895833333333333, -4.768370066206747e-7, 4.768373097855753e-7, 0.13541666666666667, 0.66666666666666667, 2.2916666666666667, 6, 40}},
    {"LeakyRelu", 1, {}, {-0.99999997764825821, -0.29999999329447746, -0.054999998770654202, -0.029999999329447746, -0.0099999997764825821, -0.0012499999720603228, -9.5367429508996793e-9, 9.5367431640625e-7, 0.25, 1, 2.5, 6, 40}},
    {"LeakyRelu", 16, {{"alpha", 0.25f}}, {-25, -7.5, -1.375, -0.75, -0.25, -0.03125, -2.384185791015625e-7, 9.5367431640625e-7, 0.25, 1, 2.5, 6, 40}},
    {"Mish", 18, {}, {-3.720075976020836e-42, -2.807286890651921e-12, -0.02243131361636677, -0.14564746127562459, -0.30340146137410892, -0.069979907180002477, -5.7220429880543155e-7, 5.7220488088204069e-7, 0.16957240966381759, 0.86509838826731035, 2.4713923045578811, 5.9999266340652527, 40}},
    {"Relu", 1, {}, {0, 0, 0, 0, 0, 0, 0, 9.5367431640625e-7, 0.25, 1, 2.5, 6, 40}},
    {"Selu", 1, {}, {-1.7580311669333071, -1.7580311669331426, -1.7508464953723544, -1.6705039490323629, -1.1112876436799034, -0.2065741074674818, -1.6765883718862418e-6, 1.0020255558629287e-6, 0.26267498731613159, 1.0506999492645264, 2.6267498731613159, 6.3041996955871582, 42.027997970581055}},
    {"Selu", 6, {}, {-1.7580993463430303, -1.7580993463428658, -1.7509143961484133, -1.670568733989153, -1.1113307412864783, -0.20658211875930424, -1.6766533928071982e-6, 1.0020265790444682e-6, 0.26267525553703308, 1.0507010221481323, 2.6267525553703308, 6.3042061328887939, 42.028040885925293}},
    {"Selu", 22, {{"alpha", 2.0f}, {"gamma", 3.0f}}, {-6, -5.9999999999994385, -5.9754793713692156, -5.7012775897928163, -3.7927233529713461, -0.70501858449242758, -5.722043169954262e-6, 2.86102294921875e-6, 0.75, 3, 7.5, 18, 120}},
    {"Shrink", 9, {}, {-100, -30, -5.5, -3, -1, 0, 0, 0, 0, 1, 2.5, 6, 40}},
    {"Shrink", 9, {{"lambd", 1.5f}, {"bias", 1.25f}}, {-98.75, -28.75, -4.25, -1.75, 0, 0, 0, 0, 0, 0, 1.25, 4.75, 38.75}},
    {"Sigmoid", 1, {}, {3.720075976020836e-44, 9.357622968839299e-14, 0.0040701377158961273, 0.047425873177566781, 0.26894142136999512, 0.46879062662624374, 0.4999997615814209, 0.5000002384185791, 0.5621765008857981, 0.73105857863000488, 0.92414181997875645, 0.99752737684336523, 1}},
    {"Softplus", 1, {}, {3.720075976020836e-44, 9.3576229688397368e-14, 0.0040784432705707209, 0.048587351573742059, 0.31326168751822283, 0.63259903531716907, 0.69314670372290079, 0.6931476573972172, 0.82593941987884356, 1.3132616875182228, 2.5788897342925496, 6.0024756851377304, 40}},
    {"Softsign", 1, {}, {-0.9900990099009901, -0.96774193548387097, -0.84615384615384615, -0.75, -0.5, -0.11111111111111111, -9.5367340691241559e-7, 9.5367340691241559e-7, 0.2, 0.5, 0.71428571428571429, 0.85714285714285714, 0.97560975609756098}},
    {"Swish", 24, {}, {-3.720075976020836e-42, -2.8072868906517897e-12, -0.0223857574374287, -0.14227761953270034, -0.26894142136999512, -0.058598828328280468, -4.7683693082944956e-7, 4.7683738557680044e-7, 0.14054412522144953, 0.73105857863000488, 2.3103545499468911, 5.9851642610601914, 40}},
    {"Swish", 24, {{"alpha", -1.5f}}, {-100, -30, -5.4985634532449735, -2.9670391721082205, -0.81757447619364366, -0.068342268998076733, -4.7683749926363816e-7, 4.7683681714261184e-7, 0.10183335001148256, 0.18242552380635634, 0.057443424775064037, 0.00074036745591739038, 3.5026043050786081e-25}},
    {"Tanh", 1, {}, {-1, -1, -0.99996659715630381, -0.99505475368673045, -0.76159415595576489, -0.12435300177159621, -9.5367431640596088e-7, 9.5367431640596088e-7, 0.24491866240370913, 0.76159415595576489, 0.98661429815143029, 0.99998771165079557, 1}},
    {"ThresholdedRelu", 10, {}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2.5, 6, 40}},
    {"ThresholdedRelu", 22, {{"alpha", -2.0f}}, {0, 0, 0, 0, -1, -0.125, -9.5367431640625e-7, 9.5367431640625e-7, 0.25, 1, 2.5, 6, 40}},
};
// clang-format on

TEST(Activation, HasTheValuesOfItsFormula) {
  const auto size = static_cast<std::int64_t>(points.size());
  const std::vector<float> floats(points.begin(), points.end());
  for (const Values& row : values_at_points) {
    const testing::Call call = {row.op_type, row.version, row.attributes};
    const auto in_double = elements<double>(run(call, {Tensor::of({size}, points)})[0]);
    const auto in_float = elements<float>(run(call, {Tensor::of({size}, floats)})[0]);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double expected = row.expected[i];
      const auto rounded = static_cast<float>(expected);
      EXPECT_NEAR(in_double[i], expected, 1e-12 * std::abs(expected)) << row.op_type << " at " << points[i];
      EXPECT_GE(in_float[i], std::nextafter(rounded, -infinity)) << row.op_type << " at " << points[i];
      EXPECT_LE(in_float[i], std::nextafter(rounded, infinity)) << row.op_type << " at " << points[i];
    }
  }
}

// What happens where formulas cancel, overflow or say 0 * inf.

constexpr float special_points[] = {-infinity, -highest, -tiny, -0.0f, 0.0f, tiny, highest, infinity};

struct SpecialValues {
  Activation activation;
  std::int64_t version;
  float expected[std::size(special_points)];
};

// clang-format off
constexpr SpecialValues special_values[] = {
    {Activation::celu,             12, {-1, -1, -tiny, 0, 0, tiny, highest, infinity}},
    {Activation::clip,              6, {-highest, -highest, -tiny, 0, 0, tiny, highest, highest}},
    {Activation::elu,               6, {-1, -1, -tiny, 0, 0, tiny, highest, infinity}},
    {Activation::erf,              13, {-1, -1, -tiny * 578 / 512, 0, 0, tiny * 578 / 512, 1, 1}},
    {Activation::exponential,      13, {0, 0, 1, 1, 1, 1, infinity, infinity}},
    {Activation::gelu,             20, {0, 0, -tiny / 2, 0, 0, tiny / 2, highest, infinity}},
    {Activation::gelu_tanh,        20, {0, 0, -tiny / 2, 0, 0, tiny / 2, highest, infinity}},
    {Activation::hard_shrink,       1, {-infinity, -highest, 0, 0, 0, 0, highest, infinity}},
    {Activation::hard_sigmoid,      6, {0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 1, 1}},
    {Activation::hard_swish,       14, {0, 0, -tiny / 2, 0, 0, tiny / 2, highest, infinity}},
    {Activation::hard_tanh,         1, {-1, -1, -tiny, 0, 0, tiny, 1, 1}},
    {Activation::keras_relu,        1, {0, 0, 0, 0, 0, tiny, highest, infinity}},
    {Activation::leaky_relu,        6, {-infinity, -0.01f * highest, -0.01f * tiny, 0, 0, tiny, highest, infinity}},
    {Activation::linear,            1, {-infinity, -highest, -tiny, 0, 0, tiny, highest, infinity}},
    {Activation::log_sigmoid,       1, {-infinity, -highest, -ln2, -ln2, -ln2, -ln2, 0, 0}},
    {Activation::mish,             18, {0, 0, -tiny * 307 / 512, 0, 0, tiny * 307 / 512, highest, infinity}},
    {Activation::relu,             14, {0, 0, 0, 0, 0, tiny, highest, infinity}},
    {Activation::relu6,             1, {0, 0, 0, 0, 0, tiny, 6, 6}},
    {Activation::selu,              6, {-1.7580993463f, -1.7580993463f, -tiny * 900 / 512, 0, 0, tiny * 538 / 512, infinity, infinity}},
    {Activation::shrink,            9, {-infinity, -highest, 0, 0, 0, 0, highest, infinity}},
    {Activation::sigmoid,          13, {0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 1, 1}},
    {Activation::soft_shrink,       1, {-infinity, -highest, 0, 0, 0, 0, highest, infinity}},
    {Activation::softplus,          1, {0, 0, ln2, ln2, ln2, ln2, highest, infinity}},
    {Activation::softsign,          1, {-1, -1, -tiny, 0, 0, tiny, 1, 1}},
    {Activation::sparse_plus,       1, {0, 0, 0.25f, 0.25f, 0.25f, 0.25f, highest, infinity}},
    {Activation::sparse_sigmoid,    1, {0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 1, 1}},
    {Activation::square_plus,       1, {0, 1 / highest, 1, 1, 1, 1, highest, infinity}},
    {Activation::swish,            24, {0, 0, -tiny / 2, 0, 0, tiny / 2, highest, infinity}},
    {Activation::tanh,             13, {-1, -1, -tiny, 0, 0, tiny, 1, 1}},
    {Activation::tanh_shrink,       1, {-infinity, -highest, 0, 0, 0, 0, highest, infinity}},
    {Activation::threshold,         1, {0, 0, 0, 0, 0, 0, highest, infinity}},
    {Activation::thresholded_relu, 10, {0, 0, 0, 0, 0, 0, highest, infinity}},
};
// clang-format on

/// The row's operator at a version of ONNX; our own operators have one version.
testing::Call call_of(const ActivationRow& row, std::int64_t version) {
  testing::Call call = {std::string(row.onnx), version};
  if (row.onnx.starts_with("ranvier.")) call = {.op_type = call.op_type.substr(8), .version = 1, .domain = "ranvier"};
  if (row.activation == Activation::gelu_tanh) call.attributes = {{"approximate", std::string("tanh")}};
  return call;
}

TEST(Activation, IsDefinedAtZeroAtInfinityAndForDenormals) {
  for (const SpecialValues& row : special_values) {
    const ActivationRow& about = describe(row.activation);
    const Tensor x = Tensor::of<float>({std::size(special_points)}, std::span(special_points));
    const auto y = elements<float>(run(call_of(about, row.version), {x})[0]);
    for (std::size_t i = 0; i < y.size(); ++i) {
      EXPECT_EQ(y[i], row.expected[i]) << about.name << " at " << special_points[i];
      EXPECT_EQ(static_cast<float>(reference(row.activation, special_points[i])), y[i]) << about.name;
    }
  }
}

TEST(Activation, EveryRowHasSpecialValues) {
  ASSERT_EQ(std::size(special_values), activations().size());
  for (std::size_t i = 0; i < activations().size(); ++i) {
    EXPECT_EQ(special_values[i].activation, activations()[i].activation);
    EXPECT_EQ(&describe(activations()[i].activation), &activations()[i]);
  }
}

TEST(Activation, LetsNanThrough) {
  for (const SpecialValues& row : special_values) {
    const ActivationRow& about = describe(row.activation);
    EXPECT_TRUE(std::isnan(run(call_of(about, row.version), {vector({nan})})[0].values<float>()[0])) << about.name;
    EXPECT_TRUE(std::isnan(reference(row.activation, nan))) << about.name;
  }
}

TEST(Activation, KeepsTheSignOfZero) {
  for (const Activation activation :
       {Activation::elu, Activation::gelu, Activation::gelu_tanh, Activation::hard_swish, Activation::leaky_relu,
        Activation::mish, Activation::selu, Activation::softsign, Activation::swish, Activation::tanh}) {
    EXPECT_TRUE(std::signbit(reference(activation, -0.0))) << describe(activation).name;
    EXPECT_FALSE(std::signbit(reference(activation, 0.0))) << describe(activation).name;
  }
  for (const Activation activation :
       {Activation::gelu, Activation::gelu_tanh, Activation::hard_swish, Activation::mish, Activation::swish})
    EXPECT_TRUE(std::signbit(reference(activation, -infinity))) << describe(activation).name;
}

// The rows.

/// Calls `visit` with every choice of parameters from a few numbers.
template <class Visitor>
void for_each_choice(std::size_t parameters, const Visitor& visit) {
  constexpr double numbers[] = {-2, -0.5, 0.5, 3};
  std::vector<double> choice(parameters);
  const std::size_t count = std::size_t{1} << (2 * parameters);
  for (std::size_t number = 0; number < count; ++number) {
    for (std::size_t i = 0; i < parameters; ++i) choice[i] = numbers[number >> (2 * i) & 3];
    visit(choice);
  }
}

TEST(Activation, ClaimsZeroAtZeroExactlyWhereItHolds) {
  for (const ActivationRow& row : activations()) {
    bool always_zero = true;
    for_each_choice(row.parameters.size(), [&](const std::vector<double>& parameters) {
      always_zero &= reference(row.activation, 0, parameters) == 0;
    });
    EXPECT_EQ(row.zero_at_zero, always_zero) << row.name;
  }
}

TEST(Activation, KnowsNamesAndParameters) {
  const ActivationRow& selu = describe(Activation::selu);
  EXPECT_EQ(selu.name, "selu");
  EXPECT_EQ(selu.onnx, "Selu");
  ASSERT_EQ(selu.parameters.size(), 2u);
  EXPECT_EQ(selu.parameters[0].name, "alpha");
  EXPECT_EQ(selu.parameters[0].otherwise, 1.67326319217681884765625);
  EXPECT_EQ(selu.parameters[1].name, "gamma");
  EXPECT_EQ(selu.parameters[1].otherwise, 1.05070102214813232421875);
  EXPECT_EQ(describe(Activation::hard_swish).keras, "hard_silu");
  EXPECT_TRUE(describe(Activation::tanh).parameters.empty());
}

TEST(Activation, TakesParametersInTheOrderOfTheRow) {
  const double alpha[] = {2};
  const double both[] = {2, 3};
  EXPECT_EQ(reference(Activation::elu, -infinity, alpha), -2);
  EXPECT_EQ(reference(Activation::selu, -infinity, both), -6);
  EXPECT_EQ(reference(Activation::selu, 1, alpha), 1.05070102214813232421875);
  EXPECT_EQ(error_of([&] { reference(Activation::elu, 0, both); }),
            "internal: an activation has 1 parameters, 2 are given");
}

// The operators.

template <class T>
void expect_reference(const ActivationRow& row, std::int64_t version, double tolerance) {
  const std::vector<float> numbers = {-2.5f, -0.75f, 0, 0.375f, 1.5f};
  std::vector<T> x;
  for (const float number : numbers) x.push_back(static_cast<T>(number));
  const auto y = elements<T>(run(call_of(row, version), {Tensor::of<T>({5}, x)})[0]);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double expected = reference(row.activation, numbers[i]);
    EXPECT_NEAR(static_cast<double>(static_cast<Compute<T>>(y[i])), expected, tolerance * std::abs(expected))
        << row.name << " of " << name(data_type_of<T>);
  }
}

TEST(Activation, ComputesEveryFloatingType) {
  for (const ActivationRow& row : activations()) {
    const std::int64_t version = row.activation == Activation::clip ? 6 : 25;
    expect_reference<float>(row, version, 0x1p-24);
    expect_reference<double>(row, version, 0);
    expect_reference<Float16>(row, version, 0x1p-10);
    expect_reference<BFloat16>(row, version, 0x1p-8);
  }
}

TEST(Activation, ReluAndShrinkTakeIntegers) {
  constexpr std::int64_t large = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(elements<std::int8_t>(run({"Relu", 14}, {Tensor::of<std::int8_t>({3}, {-128, 0, 127})})[0]),
            (std::vector<std::int8_t>{0, 0, 127}));
  EXPECT_EQ(elements<std::int64_t>(run({"Relu", 14}, {Tensor::of<std::int64_t>({2}, {-large, large})})[0]),
            (std::vector<std::int64_t>{0, large}));
  const Attributes soft = {{"lambd", 1.5f}, {"bias", 1.25f}};
  EXPECT_EQ(elements<std::int32_t>(run({"Shrink", 9, soft}, {Tensor::of<std::int32_t>({4}, {-7, -1, 1, 9})})[0]),
            (std::vector<std::int32_t>{-5, 0, 0, 7}));
  const Attributes far = {{"bias", 300.0f}};
  EXPECT_EQ(elements<std::uint8_t>(run({"Shrink", 9, far}, {Tensor::of<std::uint8_t>({2}, {0, 200})})[0]),
            (std::vector<std::uint8_t>{0, 0}));
  EXPECT_EQ(elements<std::int8_t>(run({"Shrink", 9, far}, {Tensor::of<std::int8_t>({3}, {-100, 0, 100})})[0]),
            (std::vector<std::int8_t>{127, 0, -128}));
}

TEST(Activation, KeepsTheShape) {
  EXPECT_EQ(run({"Tanh"}, {Tensor::of<float>({}, {0.5f})})[0].shape(), Shape{});
  EXPECT_EQ(run({"Tanh"}, {Tensor(DataType::float32, {3, 0, 2})})[0].shape(), (Shape{3, 0, 2}));
  EXPECT_EQ(run({"Tanh"}, {Tensor(DataType::float32, {3, 1, 2})})[0].shape(), (Shape{3, 1, 2}));
}

TEST(Activation, ClipsToAttributesBeforeOpset11) {
  EXPECT_EQ(elements<float>(run({"Clip", 6, {{"min", -1.0f}, {"max", 2.0f}}}, {vector({-5, 0.5f, 5})})[0]),
            (std::vector<float>{-1, 0.5f, 2}));
  EXPECT_EQ(elements<float>(run({"Clip", 1, {{"max", 2.0f}}}, {vector({-5, 0.5f, 5})})[0]),
            (std::vector<float>{-5, 0.5f, 2}));
}

TEST(Activation, SaysWhatIsWrong) {
  EXPECT_EQ(error_of([] {
              run({"Elu", 6, {{"alpha", std::int64_t{1}}}}, {vector({1})});
            }),
            "invalid_model: attribute 'alpha' is of kind int, expected float");
  EXPECT_EQ(error_of([] {
              run({"Gelu", 20, {{"approximate", std::string("sigmoid")}}}, {vector({1})});
            }),
            "invalid_model: attribute 'approximate' is 'sigmoid', expected 'none' or 'tanh'");
  EXPECT_EQ(error_of([] { run({"Elu"}, {Tensor::of<std::int32_t>({1}, {1})}); }),
            "unsupported: input 0 has type int32, supported are: float, float16, double, bfloat16");
  EXPECT_EQ(error_of([] {
              run({"Relu"}, {vector({1}), vector({1})});
            }),
            "invalid_model: the node has 2 inputs, expected 1");
}

}  // namespace
}  // namespace ranvier::operators
