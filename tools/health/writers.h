// A report as a person or a program reads it.
#pragma once

#include <string>

#include "tools/health/report.h"

namespace ranvier::health {

/// A table, the signal from layer to layer, and what is bad.
std::string text_of(const Report& report);

/// One JSON object. What is not a finite number is null.
std::string json_of(const Report& report);

/// One page that needs nothing else: styles and pictures are in it, and it is well-formed XML too.
std::string html_of(const Report& report);

}  // namespace ranvier::health
