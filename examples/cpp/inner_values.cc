// Any tensor of a model, by its name in the file. Here what the first layer computes before its relu, which Ranvier
// else never has in memory: layer, bias and activation are one step.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "ranvier/ranvier.h"

int main() {
  const std::string name = "sequential_1/dense_1/BiasAdd:0";
  const ranvier::Session session(ranvier::Model::load("models/digits_mlp/model.onnx", {.taps = {name}}));
  const std::vector<float> pixels(64, 0.5f);
  const ranvier::Tensor inner = session.run({ranvier::Tensor::view(pixels, {1, 64})}, {.outputs = {name}})[0];
  const auto units = inner.values<float>();
  const auto below = std::count_if(units.begin(), units.end(), [](float unit) { return unit < 0; });
  std::printf("%td of %zu units are below zero before their relu\n", below, units.size());
}
