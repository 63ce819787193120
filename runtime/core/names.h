// Telling somebody who got a name wrong which ones there are.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ranvier {

/// "it has 'a', 'b'" where there are few names; else those nearest to `wanted`: "the nearest are 'dense_1', 'dense_2'".
std::string names_instead(std::string_view wanted, std::span<const std::string> names);

}  // namespace ranvier
