// What is computed of the rows that an operator has just made: the activation of a Dense or of a normalization.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "operators/activation/activation.h"
#include "operators/activation/softmax_kernels.h"
#include "runtime/graph/graph.h"

namespace ranvier::operators {

/// An activation of the elements of a row together, by the name of its row in activations.def.
enum class RowActivation { softmax, log_softmax };

struct Epilogue {
  std::variant<Activation, RowActivation> activation = Activation::linear;
  std::vector<float> parameters = {};  ///< In the order of the activation's row.
};

/// The name of the activation's row.
std::string_view name(const Epilogue& epilogue);

/// The activation that a node computes of its only input, which has `rank` dimensions (0: not known); nothing where it
/// is none, its parameters are inputs, or the elements it takes together are not those of a row.
std::optional<Epilogue> epilogue_of(const graph::Node& node, std::size_t rank = 0);

/// Why the kernels cannot serve its parameters; null where they can.
const char* refusal(const Epilogue& epilogue);

/// That of a node which has one: its attributes `activation` (linear where there is none) and `activation_parameters`.
/// @throws Error invalid_model where it names none.
Epilogue epilogue_in(const graph::Node& node);

/// Writes it into a node's attributes.
void set_epilogue(graph::Node& node, const Epilogue& epilogue);

/// The reference, in place.
void apply_reference(const Epilogue& epilogue, std::span<double> row);

/// The kernel, over rows that have just been written.
class Activated {
 public:
  Activated(const Epilogue& epilogue, std::size_t columns);

  bool does_nothing() const { return run_ == nullptr && run_row_ == nullptr; }

  /// How many elements belong together.
  std::size_t unit() const { return run_row_ != nullptr && columns_ > 0 ? columns_ : 1; }

  /// Of a multiple of unit() elements.
  void operator()(float* y, std::size_t count) const {
    if (run_ != nullptr) run_(y, y, count, parameters_.data());
    if (run_row_ != nullptr) run_rows(y, count);
  }

 private:
  void run_rows(float* y, std::size_t count) const;

  void (*run_)(const float*, float*, std::size_t, const float*) = nullptr;
  RowKernel run_row_ = nullptr;
  std::array<float, 3> parameters_;
  std::size_t columns_;
};

}  // namespace ranvier::operators
