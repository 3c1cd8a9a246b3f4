#pragma once

#include <string_view>

#include "model/schema.h"
#include "model/sort_order.h"

namespace evodb {

/// "region, bucket(16, id) desc, day(ts) asc nulls last": terms as in a partition spec, the most significant one first.
/// Without a direction ascending; without a place for nulls they come first where ascending and last where descending, as
/// in Iceberg Java. An empty text is no order. The order's id is 0. Throws INVALID_ARGUMENT pointing at the character,
/// naming unknown columns, those that the transform cannot take or that have no single value in a row, and a term that
/// comes twice.
sort_order parse_sort_order(std::string_view text, const schema &s);

}  // namespace evodb
