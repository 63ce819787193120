// Damaged files, seeded and few: whatever the damage, the command answers or refuses in words, and never crashes.
#include <random>

#include "runtime/loader/tensor_file.h"
#include "tests/cli/testing.h"

namespace ranvier::cli {
namespace {

class Damage : public Cli {
 protected:
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }

  std::string truncated(const std::string& bytes) { return bytes.substr(0, below(bytes.size())); }

  /// Some bits flipped, most of them near the front, where the structure is.
  std::string flipped(std::string bytes) {
    for (std::size_t flips = 1 + below(4); flips > 0; --flips)
      bytes[below(below(2) == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 300))] ^=
          static_cast<char>(1 << below(8));
    return bytes;
  }

  /// Expects success, or a message with one of the exit codes.
  void expect_answer(const Arguments& arguments, const std::vector<int>& codes) const {
    const Outcome outcome = run(arguments);
    if (outcome.code == 0) return;
    EXPECT_NE(std::find(codes.begin(), codes.end(), outcome.code), codes.end()) << outcome.code << ": " << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("ranvier: ") && outcome.err.ends_with("\n")) << outcome.err;
  }

 private:
  std::mt19937 random_{20240229};
};

TEST_F(Damage, OfModels) {
  for (const char* name :
       {"digits_mlp", "residual_gelu_mlp", "text_embedding_pool", "tutorial_3d_layers", "wide_and_deep"}) {
    const std::string model = read(std::string("models/") + name + "/model.onnx");
    for (int i = 0; i < 20; ++i) {
      write("model.onnx", i % 2 == 0 ? truncated(model) : flipped(model));
      expect_answer({"run", "model.onnx", "--random"}, {2, 3, 4});  // 2: of a rank that is unknown by now
    }
    write("model.onnx", flipped(model));
    expect_answer({"summary", "model.onnx"}, {3});
    expect_answer({"graph", "model.onnx", "--stage", "loaded", "--format", "svg"}, {3});
    expect_answer({"graph", "model.onnx", "--stage", "planned", "--explain"}, {2, 3, 4});
  }
}

TEST_F(Damage, OfData) {
  write("identity.onnx", identity_model());
  const std::vector<float> rows = {1, -2, 0.5f, 4, 1e-3f, 7};
  write("x.npy", npy({3, 2}, rows));
  for (const std::string format : {"csv", "json", "npz"})
    output_of({"run", "identity.onnx", "-i", "x.npy", "-o", "x." + format});
  write("x.pb", loader::tensor_bytes(Tensor::of<float>({3, 2}, rows), "x"));
  for (const std::string format : {"csv", "json", "npy", "npz", "pb"}) {
    const std::string file = "x." + format;
    const std::string bytes = read(file);
    for (int i = 0; i < 20; ++i) {
      write(file, i % 3 == 0 ? truncated(bytes) : flipped(bytes));
      expect_answer({"run", "identity.onnx", "-i", file}, {4});
    }
  }
}

}  // namespace
}  // namespace ranvier::cli
