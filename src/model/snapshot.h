#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/kept_text.h"

namespace evodb {

/// Keys and values in the order in which they were written.
using string_pairs = std::vector<std::pair<std::string, std::string>>;

const std::string *find_value(const string_pairs &pairs, std::string_view key) noexcept;
/// Replaces the value in place, or adds the pair at the end.
void set_value(string_pairs &pairs, std::string_view key, std::string value);

struct snapshot {
  std::int64_t snapshot_id = 0;
  std::optional<std::int64_t> parent_snapshot_id;
  std::int64_t sequence_number = 0;  ///< 0 in version 1
  std::int64_t timestamp_ms = 0;
  std::string manifest_list;  ///< absolute; empty only for version 1 snapshots that list `manifests`
  std::vector<std::string> manifests;
  string_pairs summary;  ///< holds "operation" first
  std::optional<std::int32_t> schema_id;
  std::optional<std::int64_t> first_row_id;  ///< version 3
  std::optional<std::int64_t> added_rows;    ///< version 3
  std::optional<std::string> key_id;
  kept_text json;  ///< once it was written, in versions 2 and 3

  std::string_view operation()
      const noexcept;  ///< "append", "replace", "overwrite", "delete"; empty when version 1 left it out
  bool operator==(const snapshot &) const = default;
};

/// A branch or a tag.
struct snapshot_ref {
  std::int64_t snapshot_id = 0;
  bool is_branch = true;
  std::optional<std::int32_t> min_snapshots_to_keep;
  std::optional<std::int64_t> max_snapshot_age_ms;
  std::optional<std::int64_t> max_ref_age_ms;
  bool operator==(const snapshot_ref &) const = default;
};

}  // namespace evodb
