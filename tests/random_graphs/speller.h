// Formulas as nodes, the way one exporter or another would write them.
#pragma once

#include <string_view>

#include "tests/random_graphs/growth.h"

namespace ranvier::random_graphs {

/// Adds nodes that compute a formula of x, which is one of the optimizer's patterns (optimizer/pattern.h) or
///
///   u = x + 1; u * u             names of at least two letters for what is used several times
///   row()  -row()                numbers for each column, of any sign; positive_row(): of one
///   mean(u)  sum(u)  largest(u)  of each row, which keep the dimension; also sum_of_squares(u)
///   dense(u)  softmax(u)         a layer with weights; the function, over each row
///   other()                      an earlier value of the same shape
///
/// Whatever may be written in several ways is written in one of them, at random: the order of operands and of sums,
/// a / 2 or a * 0.5, Relu or Max or Clip, Where or masks, ... What stands twice is often computed only once.
ValueId spell(Growth& growth, std::string_view text, ValueId x);

}  // namespace ranvier::random_graphs
