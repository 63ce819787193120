// Classifies a handwritten digit. usage: from_cpp MODEL
#include <cstdio>
#include <span>
#include <string_view>
#include <vector>

#include "ranvier/ranvier.h"

int main(int, char** arguments) {
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
  try {
    const ranvier::Session session(ranvier::Model::load(arguments[1]));
    const ranvier::Tensor scores = session.run({ranvier::Tensor::view(pixels, {1, 64})})[0];
    for (int digit = 0; digit < 10; ++digit)
      if (scores.values<float>()[digit] > 0.5f) std::printf("it is a %d\n", digit);
    session.run(std::span<const ranvier::Tensor>());  // which throws through the library's border
  } catch (const ranvier::Error& error) {
    std::printf("%s\n", error.what());
  }
}
