// An operator of one's own: models/custom_operator.onnx has a node com.example::Deadband, which no runtime knows.
#include <cmath>
#include <cstdio>
#include <vector>

#include "ranvier/ranvier.h"

// What is nearer to 0 than the attribute `width` becomes 0.
const ranvier::CustomOperator deadband = {
    .domain = "com.example",
    .name = "Deadband",
    .types = [](const ranvier::CustomNode& node) { return std::vector{node.input_type(0)}; },
    .compute =
        [](const ranvier::CustomCall& call) {
          const float width = call.attribute<float>("width");
          const auto x = call.input(0).values<float>();
          const auto y = call.output(0).mutable_values<float>();
          for (std::size_t i = 0; i < x.size(); ++i) y[i] = std::abs(x[i]) < width ? 0.0f : x[i];
        },
};

int main() {
  const ranvier::Session session(ranvier::Model::load("models/custom_operator.onnx", {.operators = {deadband}}));
  const std::vector<float> errors = {0.05f, 0.6f, -0.3f};
  const ranvier::Tensor commands = session.run({ranvier::Tensor::view(errors, {1, 3})})[0];
  for (std::size_t i = 0; i < errors.size(); ++i)
    std::printf("error %.2f -> command %.3f\n", errors[i], commands.values<float>()[i]);
}
