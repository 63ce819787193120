#include <cstdio>
#include <string_view>
#include <vector>

#include "ranvier/ranvier.h"

int main() {
  constexpr std::string_view picture =
      "...##..."
      "..####.."
      ".##..##."
      ".##..##."
      ".##..##."
      ".##..##."
      "..####.."
      "...##...";
  std::vector<float> pixels;
  for (const char c : picture) pixels.push_back(c == '#' ? 1.0f : 0.0f);

  const ranvier::Session session(ranvier::Model::load("models/digits_mlp/model.onnx"));
  const ranvier::Tensor scores = session.run({ranvier::Tensor::view(pixels, {1, 64})})[0];
  for (int digit = 0; digit < 10; ++digit)
    if (scores.values<float>()[digit] > 0.5f) std::printf("it is a %d\n", digit);
}
