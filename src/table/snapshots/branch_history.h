#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/snapshot.h"
#include "model/table_metadata.h"
#include "table/table.h"

namespace evodb {

/// What a caller has seen of a branch when it made a value with an operation.
struct seen_branch {
  std::string branch;
  std::optional<std::int64_t> head;  ///< the last snapshot that the value has not made itself; null: none
  std::vector<std::int64_t> own;     ///< of the same value's operations before

  seen_branch() = default;
  seen_branch(const table &by, std::string of);
  bool is_own(std::int64_t snapshot_id) const noexcept;
};

/// The snapshots of a branch that others have committed since, the newest first. Throws CONFLICT where the branch's history
/// does not lead back to what was seen.
std::vector<std::shared_ptr<const snapshot>> snapshots_since(const seen_branch &seen, const table_metadata &base);

}  // namespace evodb
