#pragma once

#include <cstdint>

#include "expression/predicate.h"
#include "model/type.h"
#include "model/value.h"

namespace evodb {

/// Where a literal lies among the values of a type.
struct converted_literal {
  enum class place : std::uint8_t {
    below,    ///< all values of the type are above it
    at,       ///< it is `nearest`
    between,  ///< no value is equal to it; `nearest` is the greatest below it
    above,    ///< all values of the type are below it
  };
  enum place place = place::at;
  value nearest;
};

/// A literal in a column's type. Numbers for numbers, texts for everything, X'…' for bytes, DATE for dates and
/// timestamps, TIMESTAMP for timestamps, booleans for booleans. Throws INVALID_FILTER saying why it is none; without
/// the place, which the caller catalog.
converted_literal convert(const literal &l, const type &t);

}  // namespace evodb
