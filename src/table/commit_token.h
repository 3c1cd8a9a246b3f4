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
  uuid table;
  std::int64_t version = 0;  ///< the slot that the body was for
  uuid attempt;
  std::int64_t first_signed_ms = 0;  ///< of any body that held one of the changes; none was sent before
  std::vector<std::int64_t> snapshot_ids;
  std::optional<idempotency_key> key;

  /// Letters, digits, dots and hyphens alone.
  std::string to_text() const;
  /// Throws INVALID_ARGUMENT.
  static commit_token parse(std::string_view text);
};

}  // namespace evodb
