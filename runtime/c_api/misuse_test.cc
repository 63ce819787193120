// Wrong uses of the C interface: each is noticed, and says what is wrong.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "runtime/c_api/testing.h"

namespace ranvier::c_api {
namespace {

using namespace testing;
using Floats = std::vector<float>;

/// A session of relu() and what a right call of it takes.
struct Relu {
  Owned<ranvier_session> session = session_of(relu());
  Floats x = {1, -2, 3, -4};
  Floats y = Floats(4);
  ranvier_input from = input(RANVIER_FLOAT32, {2, {2, 2}}, x);
  ranvier_output to = output(RANVIER_FLOAT32, {2, {2, 2}}, y);

  std::string run() { return said(ranvier_session_run_into(session.get(), &from, 1, &to, 1)); }
};

TEST(Misuse, NullIsNoticedAnywhere) {
  Relu relu;
  const auto model = parse(testing::relu());
  const std::string bytes = testing::relu();
  std::size_t count = 0;
  auto port = sized<ranvier_port>();
  ranvier_model* made = nullptr;
  ranvier_tensor* tensor = nullptr;
  ranvier_shape shape = {};
  ranvier_input view;
  EXPECT_EQ(said(ranvier_byte_size(RANVIER_INT8, nullptr, &count)), "invalid_argument: shape is NULL");
  EXPECT_EQ(said(ranvier_byte_size(RANVIER_INT8, &shape, nullptr)), "invalid_argument: bytes is NULL");
  EXPECT_EQ(said(ranvier_model_load(nullptr, nullptr, &made)), "invalid_argument: path is NULL");
  EXPECT_EQ(said(ranvier_model_load("x", nullptr, nullptr)), "invalid_argument: model is NULL");
  EXPECT_EQ(said(ranvier_model_parse(nullptr, 5, nullptr, &made)), "invalid_argument: bytes is NULL");
  EXPECT_EQ(said(ranvier_model_parse(bytes.data(), bytes.size(), nullptr, nullptr)), "invalid_argument: model is NULL");
  EXPECT_EQ(said(ranvier_model_input_count(nullptr, &count)), "invalid_argument: the ranvier_model is NULL");
  EXPECT_EQ(said(ranvier_model_output_count(model.get(), nullptr)), "invalid_argument: count is NULL");
  EXPECT_EQ(said(ranvier_model_input(nullptr, 0, &port)), "invalid_argument: the ranvier_model is NULL");
  EXPECT_EQ(said(ranvier_model_output(model.get(), 0, nullptr)), "invalid_argument: port is NULL");
  EXPECT_EQ(said(ranvier_model_find_input(model.get(), nullptr, &count)), "invalid_argument: name is NULL");
  EXPECT_EQ(said(ranvier_model_find_input(model.get(), "x", nullptr)), "invalid_argument: index is NULL");
  EXPECT_EQ(said(ranvier_session_create(model.get(), nullptr, nullptr)), "invalid_argument: session is NULL");
  EXPECT_EQ(said(ranvier_session_output_shapes(relu.session.get(), nullptr, 1, &shape, 1)),
            "invalid_argument: input_shapes is NULL");
  EXPECT_EQ(said(ranvier_session_output_shapes(relu.session.get(), &relu.from.shape, 1, nullptr, 1)),
            "invalid_argument: output_shapes is NULL");
  EXPECT_EQ(said(ranvier_session_run(relu.session.get(), nullptr, 1, &tensor, 1)), "invalid_argument: inputs is NULL");
  EXPECT_EQ(said(ranvier_session_run(relu.session.get(), &relu.from, 1, nullptr, 1)),
            "invalid_argument: outputs is NULL");
  EXPECT_EQ(said(ranvier_session_run_into(relu.session.get(), &relu.from, 1, nullptr, 1)),
            "invalid_argument: outputs is NULL");
  EXPECT_EQ(said(ranvier_session_bind(relu.session.get(), &relu.from, 1, &relu.to, 1, nullptr)),
            "invalid_argument: binding is NULL");
  EXPECT_EQ(said(ranvier_tensor_view(nullptr, &view)), "invalid_argument: the ranvier_tensor is NULL");
  EXPECT_EQ(said(ranvier_binding_run(nullptr)), "invalid_argument: the ranvier_binding is NULL");
  EXPECT_EQ(ranvier_model_destroy(nullptr), RANVIER_OK);
  EXPECT_EQ(ranvier_session_destroy(nullptr), RANVIER_OK);
  EXPECT_EQ(ranvier_binding_destroy(nullptr), RANVIER_OK);
  EXPECT_EQ(ranvier_tensor_destroy(nullptr), RANVIER_OK);
}

TEST(Misuse, AHandleThatWasDestroyedIsNoticed) {
  ranvier_model* model = parse(relu()).release();
  EXPECT_EQ(ranvier_model_destroy(model), RANVIER_OK);
  const std::string gone = "invalid_argument: this is no ranvier_model, or one that was destroyed";
  EXPECT_EQ(said(ranvier_model_destroy(model)), gone);
  ranvier_session* session = nullptr;
  EXPECT_EQ(said(ranvier_session_create(model, nullptr, &session)), gone);
  const auto another = parse(relu());
  EXPECT_EQ(said(ranvier_session_create(model, nullptr, &session)), gone) << "also where another took its place";
}

TEST(Misuse, AHandleOfAnotherKindOrAnyAddressIsNoticed) {
  const auto model = parse(relu());
  std::size_t count = 0;
  EXPECT_EQ(said(ranvier_binding_run(reinterpret_cast<ranvier_binding*>(model.get()))),
            "invalid_argument: this is no ranvier_binding, or one that was destroyed");
  EXPECT_EQ(said(ranvier_model_input_count(reinterpret_cast<ranvier_model*>(&count), &count)),
            "invalid_argument: this is no ranvier_model, or one that was destroyed");
  EXPECT_EQ(said(ranvier_tensor_destroy(reinterpret_cast<ranvier_tensor*>(~std::uintptr_t{0}))),
            "invalid_argument: this is no ranvier_tensor, or one that was destroyed");
}

TEST(Misuse, AWrongInputIsNamed) {
  const auto with = [](const auto& change) {
    Relu relu;
    change(relu.from);
    return relu.run();
  };
  EXPECT_EQ(with([](ranvier_input&) {}), "ok");
  EXPECT_EQ(with([](ranvier_input& x) { x.type = RANVIER_FLOAT64, x.bytes = 32; }),
            "invalid_argument: input 'x' has type double, expected float");
  EXPECT_EQ(with([](ranvier_input& x) { x.type = 99; }), "invalid_argument: input 'x': 99 is no type of elements");
  EXPECT_EQ(with([](ranvier_input& x) { x.type = RANVIER_UNDEFINED; }),
            "invalid_argument: input 'x': 0 is no type of elements");
  EXPECT_EQ(with([](ranvier_input& x) { x = {}; }), "invalid_argument: input 'x' is missing");
  EXPECT_EQ(with([](ranvier_input& x) {
              x.shape = {1, {4}};
            }),
            "invalid_argument: input 'x' has shape [4], expected [?, 2]");
  EXPECT_EQ(with([](ranvier_input& x) { x.shape.rank = 17; }),
            "invalid_argument: input 'x': a shape has 17 dimensions, at most 16 are possible");
  EXPECT_EQ(with([](ranvier_input& x) { x.shape.dims[0] = -2; }),
            "invalid_argument: input 'x': the shape [-2, 2] has a negative dimension");
  EXPECT_EQ(with([](ranvier_input& x) { x.shape.dims[0] = INT64_MAX; }).substr(0, 26), "out_of_memory: input 'x': ");
  EXPECT_EQ(with([](ranvier_input& x) { x.bytes = 15; }),
            "invalid_argument: input 'x': it has 15 bytes, expected 16 for float [2, 2]");
  EXPECT_EQ(with([](ranvier_input& x) { x.data = nullptr; }),
            "invalid_argument: input 'x': its data is NULL, expected 16 bytes");
  EXPECT_EQ(with([](ranvier_input& x) { x.data = static_cast<const char*>(x.data) + 1; }),
            "invalid_argument: input 'x': its data does not begin at a multiple of 4 bytes, as float elements have to");
}

TEST(Misuse, AWrongOutputIsNamed) {
  const auto with = [](const auto& change) {
    Relu relu;
    change(relu.to);
    return relu.run();
  };
  EXPECT_EQ(with([](ranvier_output& y) { y.type = RANVIER_INT32; }),
            "invalid_argument: output 'y' is given as int32 [2, 2], expected float [2, 2]");
  EXPECT_EQ(with([](ranvier_output& y) {
              y.shape = {1, {4}};
            }),
            "invalid_argument: output 'y' is given as float [4], expected float [2, 2]");
  EXPECT_EQ(with([](ranvier_output& y) { y.bytes = 8; }),
            "invalid_argument: output 'y': it has 8 bytes, expected 16 for float [2, 2]");
  EXPECT_EQ(with([](ranvier_output& y) { y.data = nullptr; }),
            "invalid_argument: output 'y': its data is NULL, expected 16 bytes");
  EXPECT_EQ(
      with([](ranvier_output& y) { y.type = RANVIER_STRING; }),
      "invalid_argument: output 'y': strings cannot be written to the caller's memory; ranvier_session_run returns "
      "them");
}

TEST(Misuse, WrongNumbersOfInputsAndOutputsAreNoticed) {
  Relu relu;
  ranvier_tensor* outputs[2] = {};
  EXPECT_EQ(said(ranvier_session_run(relu.session.get(), &relu.from, 0, outputs, 1)),
            "invalid_argument: input 'x' is missing");
  EXPECT_EQ(said(ranvier_session_run(relu.session.get(), &relu.from, SIZE_MAX, outputs, 1)),
            fmt::format("invalid_argument: {} inputs were given, the model has 1", SIZE_MAX));
  EXPECT_EQ(said(ranvier_session_run(relu.session.get(), &relu.from, 1, outputs, 2)),
            "invalid_argument: room for 2 outputs was given, the model has 1");
  EXPECT_EQ(outputs[0], nullptr);
}

TEST(Misuse, WrongElementsAreNoticed) {
  const auto session = session_of(one_operator("Not", RANVIER_BOOLEAN, RANVIER_BOOLEAN, {2}, {2}));
  const std::vector<unsigned char> x = {1, 2};
  const ranvier_input from = input(RANVIER_BOOLEAN, {1, {2}}, x);
  ranvier_tensor* y = nullptr;
  EXPECT_EQ(said(ranvier_session_run(session.get(), &from, 1, &y, 1)),
            "invalid_argument: input 'x': one of its bool elements is neither 0 nor 1");
  const auto strings = session_of(one_operator("Identity", RANVIER_STRING, RANVIER_STRING, {-1}, {-1}));
  const std::vector<const char*> texts = {"a", nullptr};
  const ranvier_input words = input(RANVIER_STRING, {1, {2}}, texts);
  EXPECT_EQ(said(ranvier_session_run(strings.get(), &words, 1, &y, 1)),
            "invalid_argument: input 'x': one of its strings is NULL");
}

TEST(Misuse, WhatCannotBeBoundIsRefused) {
  Relu relu;
  ranvier_binding* binding = nullptr;
  relu.to.data = relu.x.data();
  EXPECT_EQ(said(ranvier_session_bind(relu.session.get(), &relu.from, 1, &relu.to, 1, &binding)),
            "invalid_argument: output 'y' lies in the memory of input 'x'");
  const auto non_zero = session_of(one_operator("NonZero", RANVIER_FLOAT32, RANVIER_INT64, {2}, {1, -1}));
  std::vector<std::int64_t> found(2);
  const ranvier_input from = input(RANVIER_FLOAT32, {1, {2}}, Floats{1, 0});
  const ranvier_output to = output(RANVIER_INT64, {2, {1, 2}}, found);
  EXPECT_EQ(said(ranvier_session_bind(non_zero.get(), &from, 1, &to, 1, &binding)),
            "unsupported: outputs cannot be bound: their shapes depend on the elements of the inputs");
  ranvier_shape shape;
  EXPECT_EQ(said(ranvier_session_output_shapes(non_zero.get(), &from.shape, 1, &shape, 1)),
            "unsupported: the shapes of the outputs depend on the elements of the inputs");
}

TEST(Misuse, WrongFilesAreRefused) {
  ranvier_model* model = nullptr;
  EXPECT_EQ(said(ranvier_model_parse("hello, this is text", 19, nullptr, &model)).substr(0, 14), "invalid_model:");
  EXPECT_EQ(said(ranvier_model_parse(nullptr, 0, nullptr, &model)),
            "invalid_model: the file is empty, expected an ONNX model");
  const std::string unknown = one_operator("NoSuchThing", RANVIER_FLOAT32, RANVIER_FLOAT32, {1}, {1});
  EXPECT_EQ(said(ranvier_model_parse(unknown.data(), unknown.size(), nullptr, &model)).substr(0, 12), "unsupported:");
  for (const char* path : {"", "/", "no/such/file.onnx", "\xff\xfe"})
    EXPECT_NE(ranvier_model_load(path, nullptr, &model), RANVIER_OK) << path;
  EXPECT_EQ(model, nullptr);
}

/// Calls with arguments that are right, or wrong in one of many ways, by chance.
class Caller {
 public:
  explicit Caller(unsigned seed) : engine_(seed) {}

  ~Caller() {
    for (ranvier_binding* each : bindings_) ranvier_binding_destroy(each);
    for (ranvier_tensor* each : tensors_) ranvier_tensor_destroy(each);
    for (ranvier_session* each : sessions_) ranvier_session_destroy(each);
    for (ranvier_model* each : models_) ranvier_model_destroy(each);
  }

  /// One call. @returns its status.
  ranvier_status call() {
    std::size_t number = 0;
    auto port = sized<ranvier_port>();
    port.struct_size = one_of<std::size_t>({sizeof port, sizeof port, 0, 8, sizeof port + 8});
    alignas(ranvier_port) unsigned char room[sizeof(ranvier_port) + 8] = {};
    std::memcpy(room, &port, sizeof port);
    auto* described = reinterpret_cast<ranvier_port*>(room);
    ranvier_shape shape = {};
    ranvier_input view = {};
    switch (below(16)) {
      case 0:
        return keep(models_, [&](ranvier_model** to) {
          const std::string bytes = one_of<std::string>({relu(), gather(), add_with_default(), "text", ""});
          return ranvier_model_parse(bytes.data(), bytes.size(), nullptr, to);
        });
      case 1: return ranvier_model_input(any(models_), below(3), described);
      case 2: return ranvier_model_output(any(models_), below(3), described);
      case 3: return ranvier_model_find_input(any(models_), one_of<const char*>({"x", "i", "?", nullptr}), &number);
      case 4: return ranvier_model_input_count(any(models_), below(8) == 0 ? nullptr : &number);
      case 5: return drop(models_, ranvier_model_destroy);
      case 6:
        return keep(sessions_, [&](ranvier_session** to) {
          auto options = sized<ranvier_session_options>();
          options.struct_size = one_of<std::size_t>({sizeof options, sizeof options, 0, 1u << 30});
          options.threads = one_of<int>({1, 1, 1, -1});
          return ranvier_session_create(any(models_), &options, to);
        });
      case 7: return drop(sessions_, ranvier_session_destroy);
      case 8: return ranvier_session_output_shapes(any(sessions_), &(shape = any_shape()), below(2), &shape, 1);
      case 9:
      case 10:
        return keep(tensors_, [&](ranvier_tensor** to) {
          const std::vector<ranvier_input> inputs = any_inputs();
          return ranvier_session_run(any(sessions_), inputs.data(), inputs.size(), to, 1);
        });
      case 11: {
        const std::vector<ranvier_input> inputs = any_inputs();
        const ranvier_output output = any_output();
        return ranvier_session_run_into(any(sessions_), inputs.data(), inputs.size(), &output, 1);
      }
      case 12:
        return keep(bindings_, [&](ranvier_binding** to) {
          const std::vector<ranvier_input> inputs = any_inputs();
          const ranvier_output output = any_output();
          return ranvier_session_bind(any(sessions_), inputs.data(), inputs.size(), &output, 1, to);
        });
      case 13: return ranvier_binding_run(any(bindings_));
      case 14: return below(2) == 0 ? drop(bindings_, ranvier_binding_destroy) : drop(tensors_, ranvier_tensor_destroy);
      default: return ranvier_tensor_view(any(tensors_), &view);
    }
  }

 private:
  std::size_t below(std::size_t end) { return engine_() % end; }

  template <class T>
  T one_of(std::vector<T> choices) {
    return choices[below(choices.size())];
  }

  /// A handle that was made, and may be gone; now and then another one, or none at all.
  template <class C>
  C* any(const std::vector<C*>& made) {
    const auto taken_for = [&](const auto& others) {
      return others.empty() ? nullptr : reinterpret_cast<C*>(others[below(others.size())]);
    };
    switch (below(16)) {
      case 0: return nullptr;
      case 1: return reinterpret_cast<C*>(engine_());
      case 2: return taken_for(models_);
      case 3: return taken_for(sessions_);
      default: return taken_for(made);
    }
  }

  template <class C, class Make>
  ranvier_status keep(std::vector<C*>& made, const Make& make) {
    C* handle = nullptr;
    const ranvier_status status = make(&handle);
    EXPECT_EQ(status == RANVIER_OK, handle != nullptr);
    if (handle != nullptr) made.push_back(handle);
    return status;
  }

  /// Destroys one; its handle stays among those to be used.
  template <class C>
  ranvier_status drop(const std::vector<C*>& made, ranvier_status (*destroy)(C*) noexcept) {
    return destroy(any(made));
  }

  ranvier_shape any_shape() {
    return one_of<ranvier_shape>({{2, {2, 2}}, {2, {1, 2}}, {1, {2}}, {2, {3, 2}}, {0, {}}, {99, {}}, {2, {-1, 2}}});
  }
  std::vector<ranvier_input> any_inputs() {
    std::vector<ranvier_input> inputs(below(3));
    for (ranvier_input& each : inputs) {
      each.type = one_of<ranvier_type>({RANVIER_FLOAT32, RANVIER_FLOAT32, RANVIER_INT64, 0, -5, RANVIER_STRING});
      each.shape = any_shape();
      if (ranvier_byte_size(each.type, &each.shape, &each.bytes) != RANVIER_OK) each.bytes = below(40);
      each.data = each.type == RANVIER_STRING ? nullptr : one_of<const void*>({memory_, memory_, memory_ + 1, nullptr});
    }
    return inputs;
  }
  ranvier_output any_output() {
    ranvier_output output = {RANVIER_FLOAT32, any_shape(), one_of<void*>({result_, result_, nullptr}), 0};
    if (ranvier_byte_size(output.type, &output.shape, &output.bytes) != RANVIER_OK) output.bytes = below(40);
    return output;
  }

  std::minstd_rand engine_;
  alignas(8) char memory_[128] = {};
  alignas(8) char result_[128] = {};
  std::vector<ranvier_model*> models_;
  std::vector<ranvier_session*> sessions_;
  std::vector<ranvier_binding*> bindings_;
  std::vector<ranvier_tensor*> tensors_;
};

TEST(Misuse, AnyOrderOfCallsIsSurvived) {
  int good = 0;
  int bad = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    Caller caller(seed);
    for (int i = 0; i < 500; ++i) {
      const ranvier_status status = caller.call();
      EXPECT_NE(status, RANVIER_INTERNAL) << ranvier_last_error();
      EXPECT_TRUE(status == RANVIER_OK || *ranvier_last_error() != '\0');
      ++(status == RANVIER_OK ? good : bad);
    }
  }
  // What is all right, or all wrong, tests nothing.
  EXPECT_GT(good, 1000);
  EXPECT_GT(bad, 1000);
}

}  // namespace
}  // namespace ranvier::c_api
