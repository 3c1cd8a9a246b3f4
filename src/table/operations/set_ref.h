#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "table/table.h"

namespace evodb {

/// How long a branch or tag keeps snapshots. All are above 0. Null: as it is, or for a new one as the table has it.
struct ref_retention {
  std::optional<std::int32_t> min_snapshots_to_keep;  ///< of branches
  std::optional<std::int64_t> max_snapshot_age_ms;    ///< of branches
  std::optional<std::int64_t> max_ref_age_ms;         ///< not of main
};

struct set_ref_options {
  bool replace = false;  ///< one that is there moves
  ref_retention retention;
};

/// The table with a branch, or a tag, at one of its snapshots. Throws NOT_FOUND without such a snapshot, ALREADY_EXISTS
/// where the ref is there and is not to be replaced, INVALID_ARGUMENT for an empty name, a ref of the other kind under
/// this name, and retention that it cannot have. Committed only while the ref is where it is in `of`.
table set_branch(const table &of, std::string name, std::int64_t snapshot_id, set_ref_options options = {});
table set_tag(const table &of, std::string name, std::int64_t snapshot_id, set_ref_options options = {});

}  // namespace evodb
