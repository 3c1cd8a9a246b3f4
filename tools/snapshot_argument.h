#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api.h"

namespace tool {

/// The snapshot of the table whose id a text is; null for another text.
std::optional<std::int64_t> find_snapshot_id(const table_handle &table, const std::string &text);

/// "the table has no snapshot 5 (history lists them); as epoch milliseconds, " where a text could have been an id,
/// otherwise empty.
std::string why_no_id(const std::string &text);
/// Reads a time; throws failure (NOT_FOUND) where it is in the future.
std::int64_t past_time(const std::string &text);

/// What `find(time_ms)` gives for a text that is no id of the table. Its failure says that, too.
template <typename Find>
auto find_by_time(const std::string &text, Find find) {
  const std::int64_t time_ms = past_time(text);
  try {
    return find(time_ms);
  } catch (failure &none) {
    none.message = why_no_id(text) + none.message;
    throw;
  }
}

/// The snapshot that ID|TIME|REF names: an id of the table, otherwise one of its branches and tags, otherwise what was
/// current at a time. Throws failure (NOT_FOUND).
std::int64_t find_snapshot(const table_handle &table, const std::string &text);

}  // namespace tool
