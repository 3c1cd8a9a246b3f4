#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "runtime/task.h"
#include "table/commit_token.h"
#include "table/table_context.h"

namespace evodb {

/// What became of a commit whose outcome was unknown.
struct resolution {
  enum class kind {
    committed,
    lost,    ///< its changes are not in the table, and the body that held them can never be
    unknown  ///< too much was expired or cleaned away since, or there is no table
  };
  kind what = kind::unknown;
  std::optional<std::int64_t> version;      ///< that it became; null where only a snapshot or a key tells
  std::optional<std::int64_t> snapshot_id;  ///< the last one that it made

  resolution() = default;
  explicit resolution(kind k) : what(k) {}
};

/// For any process. Where the body might still land, a version that changes nothing takes its slot, so that it cannot
/// (docs/commit.md, rule 10).
/// Throws CONFLICT when another table has taken the place, and what the store fails with.
task<resolution> resolve(std::shared_ptr<table_context> context, commit_token token);

}  // namespace evodb
