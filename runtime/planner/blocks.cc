#include "runtime/planner/blocks.h"

#include <algorithm>
#include <optional>

#include "operators/parallel.h"

namespace ranvier::planner {
namespace {

// Of the second cache: what the rows of a block should take, what they may take, and how many weights stay there.
constexpr std::size_t good_bytes = std::size_t{256} << 10;
constexpr std::size_t most_bytes = std::size_t{768} << 10;
constexpr std::size_t resident_bytes = std::size_t{512} << 10;
/// So many times Rows::together rows are multiplied with weights from farther away at no loss.
constexpr std::size_t tiles_for_far_weights = 8;

/// Steps that could run by blocks.
struct Candidate {
  std::size_t first = 0, end = 0;
  std::size_t rows = 0;
  bool of_elements = true;  // each row is one element, so far
};

/// The candidate with one more step; nothing where that does not fit.
std::optional<Candidate> extended(Candidate candidate, const RowStep& step) {
  const std::size_t count = step.rows->count;
  if (step.earliest > candidate.first) return std::nullopt;
  if (count % candidate.rows != 0) {
    if (!candidate.of_elements || candidate.rows % count != 0) return std::nullopt;
    candidate.rows = count;
  }
  ++candidate.end;
  candidate.of_elements = candidate.of_elements && count == step.elements;
  return candidate;
}

/// How many times `by` it takes to reach `count`.
std::size_t divided(std::size_t count, std::size_t by) { return (count + by - 1) / by; }
std::size_t rounded_up(std::size_t count, std::size_t multiple) { return divided(count, multiple) * multiple; }

/// Sets the parts, of which threads want `wanted`: one for each thread, or four where others are woken for them. All
/// get about as many rows, beginning at multiples of `apart`. Tiles of a kernel are of equal height then, too, and one
/// row more or less is no matter, where a tile more or less would be.
void share_out(Blocks& blocks, Parts wanted, std::size_t apart) {
  const std::size_t tiles = divided(blocks.rows, blocks.together);
  blocks.parts = wanted.at_most(tiles);
  if (wanted.count < 2) return;
  if (wanted.wakes) {
    const std::size_t threads = std::max<std::size_t>(2, divided(wanted.count, operators::parts_of_thread));
    if (tiles < wanted.count && tiles % threads != 0) blocks.parts = Parts(threads).at_most(blocks.rows);
    blocks.together = apart;
  } else if (blocks.parts.count * divided(divided(blocks.rows, blocks.parts.count), blocks.together) <= tiles) {
    blocks.together = apart;  // the caller, who may be alone, meets the weights no more often for it
  }
}

std::optional<Blocks> worthwhile(const Candidate& candidate, std::span<const RowStep> all,
                                 const operators::Settings& settings) {
  Blocks blocks{.first_step = candidate.first, .end_step = candidate.end, .rows = candidate.rows};
  const auto steps = all.subspan(candidate.first, candidate.end - candidate.first);
  if (steps.size() < 2) return std::nullopt;
  double nanoseconds = 0;
  std::size_t bytes_of_row = 1, weights = 0, apart = 1;
  for (const RowStep& step : steps) {
    nanoseconds += step.rows->nanoseconds;
    bytes_of_row = std::max(bytes_of_row, step.bytes_with_rows / blocks.rows);
    weights += step.bytes_without;
    if (step.rows->count != blocks.rows) continue;
    blocks.together = std::max(blocks.together, step.rows->together);
    apart = std::max(apart, step.rows->apart);
  }
  const std::size_t least = (weights > resident_bytes ? tiles_for_far_weights : 1) * blocks.together;
  blocks.block = std::max(good_bytes / bytes_of_row / blocks.together * blocks.together, least);
  if (blocks.block * bytes_of_row > most_bytes) return std::nullopt;
  blocks.pool = settings.pool;
  share_out(blocks, operators::parts_for(settings, nanoseconds), apart);
  const std::size_t of_part = divided(blocks.rows, blocks.parts.count);
  blocks.block = std::min(blocks.block, rounded_up(divided(of_part, divided(of_part, blocks.block)), blocks.together));
  return blocks.block < blocks.rows ? std::optional(blocks) : std::nullopt;
}

}  // namespace

std::size_t Blocks::first_row(std::size_t part) const {
  return std::min(rows, divided(rows, together) * part / parts.count * together);
}

const Blocks* blocks_with(std::span<const Blocks> all, std::size_t step) {
  const auto found =
      std::ranges::find_if(all, [&](const Blocks& each) { return each.first_step <= step && step < each.end_step; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<Blocks> choose_blocks(std::span<const RowStep> steps, const operators::Settings& settings) {
  std::vector<Blocks> result;
  std::optional<Candidate> open;
  const auto close = [&] {
    if (const auto blocks = open ? worthwhile(*open, steps, settings) : std::nullopt) result.push_back(*blocks);
    open.reset();
  };
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const operators::Rows& rows = *steps[s].rows;
    if (!rows.run) {
      close();
      continue;
    }
    std::optional<Candidate> longer = open ? extended(*open, steps[s]) : std::nullopt;
    if (!longer) {
      close();
      longer = Candidate{s, s + 1, rows.count, rows.count == steps[s].elements};
    }
    open = longer;
  }
  close();
  return result;
}

}  // namespace ranvier::planner
