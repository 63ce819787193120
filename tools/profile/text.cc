#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "tools/layers.h"
#include "tools/profile/writers.h"
#include "tools/timing.h"

namespace ranvier::profile {
namespace {

using tools::duration_text;

std::string line(std::string_view label, std::string_view text) { return fmt::format("{:<13}{}\n", label, text); }

/// Three digits.
std::string number_text(double value) {
  return value < 100 ? fmt::format("{:.3g}", value) : fmt::format("{:.0f}", value);
}

std::string percent_text(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string bytes_text(std::int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (bytes >= 1'000'000) return number_text(value / 1e6) + " MB";
  return bytes >= 1'000 ? number_text(value / 1e3) + " kB" : fmt::format("{} bytes", bytes);
}

/// Where it is longer than a column should be, its end: that tells exporters' names apart.
std::string shortened(const std::string& name) {
  constexpr std::size_t most = 40;
  if (name.size() <= most) return name;
  std::size_t begin = name.size() - most + 3;
  while (begin < name.size() && (name[begin] & '\xc0') == '\x80') ++begin;  // not within a character
  return "..." + name.substr(begin);
}

/// A share of all as a bar of at most so many characters.
std::string bar(double share) {
  constexpr std::array<std::string_view, 8> eighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  constexpr double width = 10;
  const auto filled = static_cast<std::size_t>(share * width * 8 + 0.5);
  std::string text;
  for (std::size_t i = 0; i < filled / 8; ++i) text += "█";
  return text + std::string(eighths[filled % 8]);
}

std::string head(const Report& report) {
  std::vector<std::string> inputs;
  for (const auto& [name, shape] : report.inputs) inputs.push_back(fmt::format("{} {}", name, to_string(shape)));
  const Peak& peak = report.peak;
  std::string text = line("model", report.model);
  text += line("inputs", fmt::format("{}", fmt::join(inputs, ", ")));
  text += line("threads", std::to_string(report.threads));
  text += line("peak", fmt::format("{} GFLOP/s with {}; reads {} GB/s from {}, as much as a run works on",
                                   number_text(peak.flops / 1e9), peak.instruction_set,
                                   number_text(peak.bandwidth / 1e9), bytes_text(peak.footprint)));
  const Recording& recording = report.recording;
  std::string calls = tools::grouped(recording.runs) + " of each step";
  if (recording.group > 1) calls += fmt::format(", timed in groups of {}", recording.group);
  return text + line("calls", calls);
}

constexpr std::size_t columns = 10;
constexpr std::string_view alignment = "><<<<>><>>";
using Row = std::array<std::string, columns>;

Row row_of(const Report& report, std::size_t i, const Rating& rating) {
  const Work& work = report.work.steps[i];
  Row row = {std::to_string(i + 1),
             shortened(work.name),
             work.op,
             work.outputs.empty() ? "" : to_string(work.outputs[0].shape),
             work.implementation,
             duration_text(report.recording.steps[i].median),
             percent_text(rating.share),
             bar(rating.share)};
  row[8] = work.flops == 0 ? "-" : number_text(rating.flops / 1e9);
  row[9] = number_text(rating.bandwidth / 1e9);
  return row;
}

std::string table(const Report& report, const std::vector<Rating>& rated) {
  std::vector<Row> rows = {{"", "Step", "Operator", "Output", "By", "Time", "Share", "", "GFLOP/s", "GB/s"}};
  for (std::size_t i = 0; i < rated.size(); ++i) rows.push_back(row_of(report, i, rated[i]));
  std::array<std::size_t, columns> widths = {};
  for (const Row& row : rows)
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], row[i].size());
  widths[7] = 10;  // the bars, whose characters have three bytes
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t i = 0; i < columns; ++i)
      text += alignment[i] == '<' ? fmt::format("{:<{}}  ", rows[r][i], widths[i])
                                  : fmt::format("{:>{}}  ", rows[r][i], widths[i]);
    text += r == 0 ? "Nearest limit\n"
                   : fmt::format("{:>6} of {}\n", percent_text(rated[r - 1].share_of_limit()), rated[r - 1].limit());
  }
  return text;
}

/// How long a run takes, and what looking at it costs.
std::string totals(const Report& report) {
  const Recording& recording = report.recording;
  const double looking = recording.timed.median - recording.untimed.median;
  std::string text = line("sum", duration_text(sum_of_steps(report)));
  text += line("timed run", fmt::format("{}, with {} readings of the clock of {}, which the times above leave out",
                                        duration_text(recording.timed.median), report.work.steps.size(),
                                        duration_text(recording.clock)));
  const std::string cost =
      looking > 0 ? fmt::format("{}, {}", duration_text(looking), percent_text(looking / recording.untimed.median))
                  : "less than runs differ anyway";
  return text + line("untimed run", fmt::format("{} by Binding::run: looking costs {}",
                                                duration_text(recording.untimed.median), cost));
}

std::string hottest(const Report& report, const std::vector<Rating>& rated) {
  constexpr std::size_t most = 3;
  std::vector<std::size_t> order(rated.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return rated[a].share > rated[b].share; });
  order.resize(std::min(order.size(), most));
  std::vector<std::string> words;
  for (const std::size_t i : order)
    words.push_back(fmt::format("{} ({})", report.work.steps[i].name, percent_text(rated[i].share)));
  return line("hottest", fmt::format("{}", fmt::join(words, ", ")));
}

std::string by_operator(const Report& report, const std::vector<Rating>& rated) {
  struct Sum {
    double share = 0;
    std::size_t steps = 0;
  };
  std::map<std::string, Sum> sums;
  for (std::size_t i = 0; i < rated.size(); ++i) {
    Sum& sum = sums[report.work.steps[i].op];
    sum.share += rated[i].share;
    ++sum.steps;
  }
  std::vector<std::pair<std::string, Sum>> order(sums.begin(), sums.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second.share > b.second.share; });
  constexpr std::size_t most = 5;
  std::vector<std::string> words;
  Sum others;
  for (const auto& [op, sum] : order) {
    if (words.size() < most) {
      words.push_back(fmt::format("{} {} ({})", sum.steps, op, percent_text(sum.share)));
    } else {
      others.share += sum.share;
      others.steps += sum.steps;
    }
  }
  if (others.steps > 0) words.push_back(fmt::format("{} others ({})", others.steps, percent_text(others.share)));
  return line("by operator", fmt::format("{}", fmt::join(words, ", ")));
}

}  // namespace

std::string text_of(const Report& report) {
  const std::vector<Rating> rated = ratings(report);
  std::string text = head(report) + '\n' + table(report, rated) + '\n' + totals(report);
  if (rated.size() > 1) text += hottest(report, rated) + by_operator(report, rated);
  return text;
}

}  // namespace ranvier::profile
