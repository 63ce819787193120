// docs/activations.md and its plots, from the rows of activations.def, the notes, and what was measured.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "operators/activation/activation.h"
#include "operators/table.h"
#include "tools/docs/activation_notes.h"
#include "tools/docs/pages.h"
#include "tools/docs/plot.h"

namespace ranvier::docs {
namespace {

/// What the page says of an activation of more than one element beside its row in activations.def.
struct Joint {
  std::string_view name;
  std::string_view parameters;
  std::string_view gradient;
  double (*plotted)(double);  ///< What the note says that the plot shows.
};

constexpr std::string_view axis = "`axis` = -1";
constexpr std::string_view axes = "`axis` = -1; before opset 13 it was 1, and the axes from there on counted as one";

/// The first output of Keras' sparsemax for the inputs (x, 1, 0).
double first_of_sparsemax(double x) {
  std::array<double, 3> sorted = {x, 1, 0};
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  double sum = 0, sum_of_sums = 0;
  int counted = 0;
  for (const double z : sorted) {
    sum += z;
    if (z <= (sum - 1) / (counted + 1)) break;
    sum_of_sums += sum;
    ++counted;
  }
  return std::max(x - (sum_of_sums - 1) / counted, 0.0);
}

constexpr Joint joints[] = {
    {"glu", axis, "sigmoid(b) for a, a · sigmoid(b) · (1 − sigmoid(b)) for b",
     [](double x) { return 1 / (1 + std::exp(-x)); }},
    {"hardmax", axes, "0", [](double x) { return x >= 1 ? 1.0 : 0.0; }},
    {"log_softmax", axes, "1 − p for its own input, −q for another's",
     [](double x) { return x - std::log(std::exp(x) + std::exp(1) + 1); }},
    {"prelu", "`slope`, an input; in Keras learned, at first 0", "the slope from the left, 1 from the right",
     [](double x) { return x < 0 ? 0.25 * x : x; }},
    {"softmax", axes, "p · (1 − p) for its own input, −p · q for another's",
     [](double x) { return std::exp(x) / (std::exp(x) + std::exp(1) + 1); }},
    {"sparsemax", axis, "(j − 1) / k for its own input, where it is the jth largest of k that are counted",
     first_of_sparsemax},
};

/// What the page says of one activation.
struct Entry {
  ActivationNote note;
  std::string onnx;
  std::string keras;
  std::string parameters;
  std::string gradient;
  std::function<double(double)> plotted;
  double ulp = 0;           ///< Claimed.
  nlohmann::json measured;  ///< Null where nothing was.

  bool has(const char* number) const { return measured.is_object() && measured.contains(number); }
};

std::string joined(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

/// The operator and the versions since which it means what, from the table of operators.
std::string onnx_text(std::string_view onnx) {
  constexpr std::string_view own = "ranvier.";
  if (onnx.empty()) return "no operator; it runs as the operators that exporters write it with";
  const bool is_own = onnx.starts_with(own);
  std::vector<std::string> since;
  for (const operators::Row& row : operators::table())
    if (row.domain == (is_own ? "ranvier" : "") && row.name == onnx.substr(is_own ? own.size() : 0))
      since.push_back(std::to_string(row.since));
  if (since.empty()) throw std::runtime_error(fmt::format("{} is not in the table of operators", onnx));
  if (is_own) return fmt::format("no operator; `{}` is made of the operators that exporters write it with", onnx);
  return fmt::format("`{}`, since {}", onnx, joined(since));
}

std::string number(double x) { return std::isinf(x) ? (x > 0 ? "∞" : "−∞") : fmt::format("{}", static_cast<float>(x)); }

std::string parameters_text(const operators::ActivationRow& row, std::span<const double> given = {}) {
  std::vector<std::string> parts;
  for (const operators::Parameter& parameter : row.parameters) {
    const double value = parts.size() < given.size() ? given[parts.size()] : parameter.otherwise;
    parts.push_back(fmt::format("`{}` = {}", parameter.name, number(value)));
  }
  return parts.empty() ? "none" : joined(parts);
}

Entry entry_of(const operators::ActivationRow& row, const ActivationNote& note) {
  const auto with_defaults = [&](double x) { return operators::reference(row.activation, x); };
  const auto plotted = [&row, given = note.parameters](double x) {
    return operators::reference(row.activation, x, given);
  };
  Entry entry = {note,
                 onnx_text(row.onnx),
                 std::string(row.keras),
                 parameters_text(row),
                 gradient_at_zero(with_defaults),
                 plotted,
                 row.ulp,
                 {}};
  if (!note.parameters.empty())
    entry.parameters += fmt::format("; the plot has {}", parameters_text(row, note.parameters));
  return entry;
}

/// The notes and the measured numbers by name, each of which is to be taken once.
class Sources {
 public:
  explicit Sources(const std::string& measured) : measured_(nlohmann::json::parse(measured)) {
    for (const ActivationNote& note : activation_notes())
      if (!notes_.emplace(note.name, &note).second) throw std::runtime_error(fmt::format("two notes on {}", note.name));
  }

  const ActivationNote& take_note(std::string_view name) {
    const auto found = notes_.find(name);
    if (found == notes_.end())
      throw std::runtime_error(fmt::format("no note on {} in tools/docs/activation_notes.cc", name));
    const ActivationNote& note = *found->second;
    notes_.erase(found);
    return note;
  }

  nlohmann::json take_measured(std::string_view name) {
    nlohmann::json result;
    if (const auto found = measured_.find(std::string(name)); found != measured_.end()) {
      result = *found;
      measured_.erase(found);
    }
    return result;
  }

  void check_all_taken() const {
    if (!notes_.empty())
      throw std::runtime_error(fmt::format("a note on {}, which is no activation", notes_.begin()->first));
    if (!measured_.empty())
      throw std::runtime_error(fmt::format("{} was measured, which is no activation", measured_.items().begin().key()));
  }

 private:
  std::map<std::string_view, const ActivationNote*> notes_;
  nlohmann::json measured_;
};

std::vector<Entry> all_entries(const std::string& measured) {
  Sources sources(measured);
  std::vector<Entry> entries;
  for (const operators::ActivationRow& row : operators::activations())
    entries.push_back(entry_of(row, sources.take_note(row.name)));
  for (const operators::JointActivation& row : operators::joint_activations()) {
    const auto joint =
        std::find_if(std::begin(joints), std::end(joints), [&](auto& each) { return each.name == row.name; });
    if (joint == std::end(joints)) throw std::runtime_error(fmt::format("the page knows nothing of {}", row.name));
    entries.push_back({sources.take_note(row.name),
                       onnx_text(row.onnx),
                       std::string(row.keras),
                       std::string(joint->parameters),
                       std::string(joint->gradient),
                       joint->plotted,
                       row.ulp,
                       {}});
  }
  for (Entry& entry : entries) entry.measured = sources.take_measured(entry.note.name);
  sources.check_all_taken();
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.note.name < b.note.name; });
  return entries;
}

constexpr std::string_view guide = R"(# Activations

Generated by `generate_docs docs` from operators/activation/activations.def, the notes in tools/docs and the numbers in
docs/activations/measured.json; a test compares them.

## Which one

**Hidden layers.** Begin with [relu](#relu) and he_normal. Where units die, take [leaky_relu](#leaky_relu) or [elu](#elu);
where the last percent of accuracy counts, [swish](#swish) or [gelu](#gelu), which is also the choice for transformers. For a
deep stack of plain Dense layers without BatchNormalization, [selu](#selu) with lecun_normal and AlphaDropout, all three
together. [tanh](#tanh) for recurrent layers, small controllers and networks whose derivatives matter, with
glorot_uniform. [relu6](#relu6) or [hard_swish](#hard_swish) where the model will be quantized.

**Outputs.** The last layer's activation follows from what the numbers mean:

| output | activation | loss in Keras |
|---|---|---|
| any number (regression) | [linear](#linear) | mean_squared_error, mean_absolute_error, huber |
| yes or no (binary) | [sigmoid](#sigmoid), one unit | binary_crossentropy |
| one of n classes (multi-class) | [softmax](#softmax), n units | categorical_crossentropy, sparse_categorical_crossentropy |
| any of n labels (multi-label) | [sigmoid](#sigmoid), n units | binary_crossentropy |
| a positive number | [softplus](#softplus) | mean_squared_error, mean_squared_logarithmic_error |
| a rate or a count | [exponential](#exponential) | poisson |
| a number between −1 and 1 | [tanh](#tanh) | mean_squared_error |
| a number between low and high | low + (high − low) · [sigmoid](#sigmoid) | mean_squared_error |
| the logarithm of a probability | [log_softmax](#log_softmax), [log_sigmoid](#log_sigmoid) | negative log-likelihood |

## All of them

`error`: the largest distance from the true value that the float kernel claims to keep, and the one that `walk_floats`
measured over all floats, on every instruction set of the machine, in units of the last place (ULP); 0.5 is correct
rounding. tools/accuracy tests the claims. AVX-512, AVX2 and NEON, which have fused multiply-add, give the same bits.
`speed`: the time of the better of ONNX Runtime and OpenVINO divided by Ranvier's, for a million floats on one core; above
1 Ranvier is faster. Where the table says nothing, nothing was measured.

| activation | use | range | gradient at 0 | error: claimed | measured | speed |
|---|---|---|---|---|---|---|
)";

std::string row_text(const Entry& entry) {
  const ActivationNote& note = entry.note;
  return fmt::format("| [{0}](#{0}) | {1} | {2} | {3} | {4} | {5} | {6} |\n", note.name, note.use, note.range,
                     entry.gradient, number(entry.ulp),
                     entry.has("ulp") ? fmt::format("{:.2f}", entry.measured["ulp"].get<double>()) : "",
                     entry.has("speed") ? fmt::format("{:.2f}", entry.measured["speed"].get<double>()) : "");
}

std::string error_text(const Entry& entry) {
  const std::string claim = entry.ulp == 0 ? "none" : fmt::format("at most {} ULP", number(entry.ulp));
  if (!entry.has("ulp")) return claim;
  std::string result = claim + " claimed; ";
  const nlohmann::json& measured = entry.measured;
  result +=
      fmt::format("{:.2f} measured, at {}, on {}", measured["ulp"].get<double>(), number(measured["at"].get<double>()),
                  joined(measured["instruction_sets"].get<std::vector<std::string>>()));
  return result + (measured["same_bits"].get<bool>() ? ", with the same bits on those that have fused multiply-add"
                                                     : ", with different bits");
}

std::string speed_text(const Entry& entry) {
  if (!entry.has("speed")) return "not measured";
  return fmt::format("{:.2f} times the better of ONNX Runtime and OpenVINO", entry.measured["speed"].get<double>());
}

std::string section(const Entry& entry) {
  const ActivationNote& note = entry.note;
  return fmt::format(
      "\n## {0}\n\n![{0} and its derivative](activations/{0}.svg)\n\n    {1}\n\n{2}\n\n"
      "- ONNX: {3}\n- Keras: {4}\n- Parameters: {5}\n- Range: {6}\n- Gradient at 0: {7}\n- Use: {8}\n"
      "- Training: {9}\n- Error: {10}\n- Speed: {11}\n",
      note.name, note.formula, note.advice, entry.onnx, entry.keras.empty() ? "none" : fmt::format("`{}`", entry.keras),
      entry.parameters, note.range, entry.gradient, note.use, note.training, error_text(entry), speed_text(entry));
}

}  // namespace

Pages activation_pages(const std::string& measured) {
  const std::vector<Entry> entries = all_entries(measured);
  Pages pages;
  std::string& page = pages["activations.md"];
  page = guide;
  for (const Entry& entry : entries) page += row_text(entry);
  for (const Entry& entry : entries) {
    page += section(entry);
    const std::string name(entry.note.name);
    pages["activations/" + name + ".svg"] = svg({.title = name + " and its derivative",
                                                 .function = entry.plotted,
                                                 .from = entry.note.from,
                                                 .to = entry.note.to});
  }
  return pages;
}

}  // namespace ranvier::docs
