#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "operators/matmul/dense_kernels.cc"
// clang-format off: foreach_target.h comes before whatever includes highway.h
#include "operators/matmul/dense_kernels.h"

#include <hwy/foreach_target.h>

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/simd/block-inl.h"
#include "runtime/simd/targets.h"
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace ranvier::operators::HWY_NAMESPACE {

using namespace simd::HWY_NAMESPACE;  // NOLINT: one vocabulary, seen in this file only

constexpr int panel_vectors = 2;
constexpr std::size_t panel_width = panel_vectors * hn::MaxLanes(Floats());

// A tile of rows x panels has its sums in registers, beside one panel row and one element of x. The more sums, the more
// often each loaded number is used; but fewer than eight are too few to hide how long an addition takes.
constexpr int registers = HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON ? 32 : 16;
constexpr int tile_rows = (registers - panel_vectors - 1) / panel_vectors;
constexpr int panels_beside(int rows) { return std::clamp((registers / 2) / (rows * panel_vectors), 1, 4); }

constexpr float infinity = std::numeric_limits<float>::infinity();

/// Part of a product: some of the inner indices for some of the panels.
struct Part {
  std::size_t first_inner, last_inner;
  std::size_t first_panel, last_panel;
  std::size_t stride;  // from one row of x to the next
};

/// sums += factor row.
template <int vectors>
HWY_INLINE void add_product(const float* factor, const Block<vectors>& row, Block<vectors>& sums) {
#if HWY_TARGET == HWY_AVX3 && (HWY_COMPILER_GCC || HWY_COMPILER_CLANG)
  // Spreading the factor over a register costs a third of what one multiplication does. In an operand from memory it
  // costs nothing, but compilers do not write it where there are two.
  if constexpr (vectors <= 2) {
    RANVIER_EACH for (int v = 0; v < vectors; ++v) asm(
        "vfmadd231ps %2%{1to16%}, %1, %0" : "+v"(sums.v[v].raw) : "v"(row.v[v].raw), "m"(*factor));
    return;
  }
#endif
  const Vector everywhere = hn::Set(Floats(), *factor);
  RANVIER_EACH for (int v = 0; v < vectors; ++v) sums.v[v] = hn::MulAdd(everywhere, row.v[v], sums.v[v]);
}

/// A tile: `rows` rows of x with `vectors` vectors of columns from `first_panel` on. Sums that an earlier part has
/// begun are in y.
template <int rows, int vectors>
HWY_INLINE void tile(const DenseWeights& weights, const Part& part, std::size_t first_panel, const float* x, float* y) {
  const std::size_t column = first_panel * panel_width;
  const std::size_t columns = weights.columns - column;
  const bool whole = columns >= vectors * lanes();
  Block<vectors> sums[rows];
  RANVIER_EACH for (int r = 0; r < rows; ++r) {
    const float* begun = y + static_cast<std::size_t>(r) * weights.stride + column;
    if (part.first_inner == 0) {
      sums[r] = load<vectors>(weights.addends + column);
    } else if (HWY_LIKELY(whole)) {
      sums[r] = load<vectors>(begun);
    } else {
      load_ragged(begun, columns, 0, sums[r]);
    }
  }
  const std::size_t panel_size = weights.inner * panel_width;
  const float* panel = weights.panels + first_panel * panel_size;
  for (std::size_t k = part.first_inner; k < part.last_inner; ++k) {
    Block<vectors> row;
    RANVIER_EACH for (int v = 0; v < vectors; ++v) {
      const float* from = panel + static_cast<std::size_t>(v / panel_vectors) * panel_size + k * panel_width;
      row.v[v] = hn::Load(Floats(), from + static_cast<std::size_t>(v % panel_vectors) * lanes());
    }
    RANVIER_EACH for (int r = 0; r < rows; ++r)
        add_product(x + static_cast<std::size_t>(r) * part.stride + k, row, sums[r]);
  }
  const float least = part.last_inner == weights.inner ? weights.least : -infinity;
  RANVIER_EACH for (int r = 0; r < rows; ++r) {
    sums[r] = at_least(least, sums[r]);
    float* to = y + static_cast<std::size_t>(r) * weights.stride + column;
    if (HWY_LIKELY(whole)) {
      store(sums[r], to);
    } else {
      store_ragged(sums[r], to, columns);
    }
  }
}

/// The vectors from `first_panel` on, `most` or fewer, in one tile.
template <int rows, int most>
HWY_INLINE void rest(std::size_t vectors, const DenseWeights& weights, const Part& part, std::size_t first_panel,
                     const float* x, float* y) {
  if constexpr (most > 0) {
    if (vectors == most) return tile<rows, most>(weights, part, first_panel, x, y);
    rest<rows, most - 1>(vectors, weights, part, first_panel, x, y);
  }
}

/// `rows` rows of x with all panels of a part.
template <int rows>
void stripe(const DenseWeights& weights, const Part& part, const float* x, float* y) {
  constexpr int together = panels_beside(rows);
  std::size_t panel = part.first_panel;
  for (; part.last_panel - panel > together; panel += together)
    tile<rows, together * panel_vectors>(weights, part, panel, x, y);
  // The last panel of all may have vectors of nothing but zeros.
  const std::size_t last_column = std::min(weights.columns, part.last_panel * panel_width);
  const std::size_t vectors = (last_column - panel * panel_width + lanes() - 1) / lanes();
  rest<rows, together * panel_vectors>(vectors, weights, part, panel, x, y);
}

using Stripe = void (*)(const DenseWeights&, const Part&, const float*, float*);
/// By the number of rows, less one.
template <int... less_one>
constexpr std::array<Stripe, tile_rows> stripes_of(std::integer_sequence<int, less_one...>) {
  return {stripe<less_one + 1>...};
}
constexpr std::array<Stripe, tile_rows> stripes = stripes_of(std::make_integer_sequence<int, tile_rows>());

void multiply_part(const DenseWeights& weights, const Part& part, const float* x, float* y, std::size_t rows) {
  const std::size_t tiles = (rows + tile_rows - 1) / tile_rows;  // of about equal height
  for (std::size_t i = 0; i < tiles; ++i) {
    const std::size_t row = rows * i / tiles, count = rows * (i + 1) / tiles - row;
    stripes[count - 1](weights, part, x + row * part.stride, y + row * weights.stride);
  }
}

// What a tile reads comes from the second cache as fast as it is multiplied, as long as it comes in lines that do not
// drive each other out of the nearest one. Few numbers of a panel are read more often than its tiles need them.
constexpr std::size_t second_cache = 65536;  // floats, somewhat less than the smallest that is met
constexpr std::size_t most_inner = 4096;     // of one part

/// As many rows of x may meet a panel before the next one comes.
std::size_t most_rows_together(std::size_t inner) {
  return std::max<std::size_t>(6, second_cache / (inner + 1) / tile_rows) * tile_rows;
}

/// Those that do: about as many each time, in whole tiles.
std::size_t rows_together(std::size_t inner, std::size_t rows) {
  const std::size_t most = most_rows_together(inner);
  const std::size_t times = std::max<std::size_t>(1, (rows + most - 1) / most);
  return (rows + times * tile_rows - 1) / (times * tile_rows) * tile_rows;
}

// Rows that begin a multiple of 2 kilobytes apart share two sets of the nearest cache, which hold no tile of them. They
// are copied, each a line farther.
constexpr std::size_t line = 16;  // floats
constexpr std::size_t most_rows_uncopied = 4;
bool collide(std::size_t inner, std::size_t rows) { return inner % 512 == 0 && rows > most_rows_uncopied; }

std::size_t scratch_bytes(std::size_t inner, std::size_t rows) {
  return collide(inner, rows) ? std::min(rows, most_rows_together(inner)) * (inner + line) * sizeof(float) : 0;
}

void multiply(const DenseWeights& weights, const float* x, float* y, std::size_t rows, std::byte* scratch) {
  const std::size_t inner = weights.inner, panels = (weights.columns + panel_width - 1) / panel_width;
  constexpr std::size_t few = 4096;  // elements of x
  if (rows <= tile_rows && rows * inner <= few && !collide(inner, rows))
    return multiply_part(weights, {0, inner, 0, panels, inner}, x, y, rows);
  const std::size_t parts = (inner + most_inner - 1) / most_inner;
  const std::size_t together = rows_together(inner, rows);
  for (std::size_t first = 0; first < rows; first += together) {
    const std::size_t count = std::min(together, rows - first);
    const float* from = x + first * inner;
    std::size_t stride = inner;
    if (collide(inner, rows)) {
      stride += line;
      auto* copies = reinterpret_cast<float*>(scratch);
      for (std::size_t row = 0; row < count; ++row) std::copy_n(from + row * inner, inner, copies + row * stride);
      from = copies;
    }
    for (std::size_t panel = 0; panel < panels; ++panel)
      for (std::size_t i = 0; i < parts; ++i)
        multiply_part(weights, {inner * i / parts, inner * (i + 1) / parts, panel, panel + 1, stride}, from,
                      y + first * weights.stride, count);
  }
}

DenseKernels dense_kernels_of_target() {
  return {hwy::TargetName(HWY_TARGET),
          simd::has_fused_multiply_add(HWY_TARGET),
          panel_width,
          tile_rows,
          multiply,
          scratch_bytes};
}

}  // namespace ranvier::operators::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ranvier::operators {

constexpr auto versions = RANVIER_VERSIONS(dense_kernels_of_target);

DenseKernels dense_kernels() { return simd::best_version(versions, simd::machine_targets())(); }

std::vector<DenseKernels> all_dense_kernels() {
  std::vector<DenseKernels> all;
  for (const std::int64_t targets : simd::supported_targets()) all.push_back(simd::best_version(versions, targets)());
  return all;
}

}  // namespace ranvier::operators
#endif
