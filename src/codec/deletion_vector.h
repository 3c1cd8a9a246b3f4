#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "runtime/memory_budget.h"

namespace evodb {

/// The type of a Puffin blob that holds a deletion vector.
inline constexpr std::string_view deletion_vector_type = "deletion-vector-v1";

/// Rows of a data file, by their positions in it, from 0 on.
struct deleted_positions {
  std::vector<std::int64_t> positions;  ///< ascending, each once
  memory_budget::reservation held;      ///< for them
};

/// Decodes the blob "deletion-vector-v1" (Puffin specification) of that file. Throws CORRUPT naming the file, and
/// RESOURCE_EXHAUSTED, before anything is allocated, where the positions do not fit into the budget.
deleted_positions decode_deletion_vector(byte_view blob, std::string_view file, memory_budget &budget);

/// The inverse. Throws INVALID_ARGUMENT unless the positions ascend, from 0 on and below 2^63 - 2^32, and
/// RESOURCE_EXHAUSTED where the blob would pass the 2 GiB that its readers take.
bytes encode_deletion_vector(std::span<const std::int64_t> positions);

}  // namespace evodb
