#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.h"
#include "table/idempotency.h"

namespace evodb {

/// What a caller is given when the outcome of its commit is unknown, as text that any process can resolve: which body
/// it was, and by what its changes are known.
struct commit_token {
  /// What shows that all is committed that was to be. A call's key always does.
  enum class proof {
    snapshots,  ///< these snapshots, whichever body brought them; or the body
    body,       ///< the body alone: some changes make no snapshot
    none,       ///< the value has changes that the body does not hold
    rest        ///< the body alone, which holds what was left: that it is lost does not show that nothing is committed,
                ///< since other changes landed apart from it during the call
  };
  uuid table;
  std::string attempt;  ///< the catalog's text of it (commit_attempt)
  proof shown_by = proof::snapshots;
  std::vector<std::int64_t> snapshot_ids;  ///< of changes in the body; the last ones where they are very many
  std::optional<idempotency_key> key;      ///< of the call, where the body records it

  /// Letters, digits, dots and hyphens alone.
  std::string to_text() const;
  /// Throws INVALID_ARGUMENT.
  static commit_token parse(std::string_view text);
};

}  // namespace evodb
