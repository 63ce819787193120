#include "operators/matmul/einsum_equation.h"

#include <algorithm>
#include <optional>

#include "runtime/core/error.h"

namespace ranvier::operators {
namespace {

/// In a term, the place of the ellipsis.
constexpr char ellipsis = '.';

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// "ij,jk->ik" as terms, each a string of letters and at most one `ellipsis`.
class Equation {
 public:
  explicit Equation(std::string_view text) : text_(text) {
    std::string dense;
    std::ranges::copy_if(text, std::back_inserter(dense), [](char c) { return c != ' '; });
    std::string_view rest = dense;
    std::optional<std::string_view> right;
    if (const std::size_t arrow = rest.find("->"); arrow != rest.npos) {
      right = rest.substr(arrow + 2);
      rest = rest.substr(0, arrow);
    }
    for (std::size_t comma = rest.find(','); comma != rest.npos; comma = rest.find(',')) {
      inputs.push_back(term(rest.substr(0, comma)));
      rest = rest.substr(comma + 1);
    }
    inputs.push_back(term(rest));
    output = right ? term(*right) : implicit_output();
    check_output();
  }

  std::vector<std::string> inputs;
  std::string output;

 private:
  template <class... Args>
  [[noreturn]] void malformed(fmt::format_string<Args...> format, Args&&... args) const {
    fail(ErrorCode::invalid_model, "equation '{}': {}", text_, fmt::format(format, std::forward<Args>(args)...));
  }

  std::string term(std::string_view text) const {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (is_letter(text[i])) {
        result += text[i];
      } else if (text.substr(i, 3) == "...") {
        if (result.find(ellipsis) != result.npos) malformed("term '{}' has more than one ellipsis", text);
        result += ellipsis;
        i += 2;
      } else {
        malformed("'{}' in term '{}' is neither a letter nor part of an ellipsis", text[i], text);
      }
    }
    return result;
  }

  /// The ellipsis, then the letters that occur once, in alphabetical order.
  std::string implicit_output() const {
    std::string all;
    for (const std::string& input : inputs) all += input;
    std::string letters;
    std::ranges::copy_if(all, std::back_inserter(letters),
                         [&](char c) { return c != ellipsis && std::ranges::count(all, c) == 1; });
    std::ranges::sort(letters);
    return (all.find(ellipsis) != all.npos ? std::string(1, ellipsis) : "") + letters;
  }

  void check_output() const {
    for (const char c : output) {
      if (std::ranges::count(output, c) > 1) malformed("index '{}' occurs twice in the output", c);
      const auto has = [&](const std::string& input) { return input.find(c) != input.npos; };
      if (c != ellipsis && std::ranges::none_of(inputs, has)) malformed("index '{}' of the output is in no input", c);
    }
  }

  std::string_view text_;
};

/// How many dimensions the ellipsis stands for: as many in every term that has one.
std::size_t ellipsis_rank(const Equation& equation, std::span<const Shape> shapes) {
  std::optional<std::size_t> rank;
  std::size_t first = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const std::string& term = equation.inputs[i];
    const bool open = term.find(ellipsis) != term.npos;
    const std::size_t letters = term.size() - (open ? 1 : 0);
    if (open ? shapes[i].rank() < letters : shapes[i].rank() != letters)
      fail(ErrorCode::invalid_argument, "input {} has shape {}, but its term has {}{} indices", i, to_string(shapes[i]),
           open ? "at least " : "", letters);
    if (!open) continue;
    const std::size_t here = shapes[i].rank() - letters;
    if (rank && *rank != here)
      fail(ErrorCode::invalid_argument, "the ellipsis stands for {} dimensions in input {} and for {} in input {}",
           *rank, first, here, i);
    if (!rank) first = i;
    rank = here;
  }
  return rank.value_or(0);
}

/// Numbers the indices of terms.
class Numbering {
 public:
  Numbering(std::size_t ellipsis_dimensions, Einsum& einsum) : einsum_(einsum), dots_(ellipsis_dimensions) {
    einsum_.names.assign(dots_, "...");
  }

  Einsum::Indices of(const std::string& term) {
    Einsum::Indices indices;
    for (const char c : term) {
      if (c == ellipsis) {
        for (std::size_t i = 0; i < dots_; ++i) indices.push_back(i);
        continue;
      }
      const std::string name(1, c);
      const auto found = std::ranges::find(einsum_.names, name);
      indices.push_back(static_cast<std::size_t>(found - einsum_.names.begin()));
      if (found == einsum_.names.end()) einsum_.names.push_back(name);
    }
    return indices;
  }

 private:
  Einsum& einsum_;
  std::size_t dots_;
};

}  // namespace

Shape Einsum::output_shape() const {
  Shape shape;
  for (const std::size_t index : output) shape.push_back(sizes[index]);
  return shape;
}

Einsum parse_einsum(std::string_view text, std::span<const Shape> shapes) {
  const Equation equation(text);
  if (equation.inputs.size() != shapes.size())
    fail(ErrorCode::invalid_model, "equation '{}' has {} terms for {} inputs", text, equation.inputs.size(),
         shapes.size());
  Einsum result;
  Numbering numbering(ellipsis_rank(equation, shapes), result);
  for (const std::string& term : equation.inputs) result.inputs.push_back(numbering.of(term));
  result.output = numbering.of(equation.output);
  result.sizes.assign(result.names.size(), 1);
  for (std::size_t i = 0; i < shapes.size(); ++i)
    for (std::size_t axis = 0; axis < shapes[i].rank(); ++axis) {
      const std::size_t index = result.inputs[i][axis];
      const std::int64_t dim = shapes[i][axis];
      if (dim == 1 || dim == result.sizes[index]) continue;
      if (result.sizes[index] != 1)
        fail(ErrorCode::invalid_argument, "index '{}' of the equation is {} in input {}, but {} before it",
             result.names[index], dim, i, result.sizes[index]);
      result.sizes[index] = dim;
    }
  return result;
}

}  // namespace ranvier::operators
