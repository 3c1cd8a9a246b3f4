#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/uuid.h"
#include "catalog/catalog.h"
#include "table/idempotency.h"
#include "table/table_operation.h"

namespace evodb {

/// An operation that was done to a table, and what became of it. Every table value that contains the change shares this,
/// so that it is committed once.
class change {
 public:
  change(uuid id, std::shared_ptr<const table_operation> done) : id_(id), operation_(std::move(done)) {}

  const uuid &id() const noexcept { return id_; }
  const table_operation &operation() const noexcept { return *operation_; }
  /// The snapshot that it makes; null if it makes none.
  std::optional<std::int64_t> snapshot_id() const noexcept { return operation_->snapshot_id(); }

  /// Where the change stands. Moves on only under the table's commit line; reading is for any thread.
  bool is_committed() const;
  void set_committed();
  /// A body that held the change, and the key under which a caller had it sent.
  struct sent_body {
    commit_attempt attempt;
    std::optional<idempotency_key> key;
  };
  /// The last one, as long as its fate is unknown.
  std::optional<sent_body> unresolved() const;
  void set_unresolved(std::optional<sent_body> sent);

 private:
  const uuid id_;
  const std::shared_ptr<const table_operation> operation_;
  mutable std::mutex state_;
  bool is_committed_ = false;
  std::optional<sent_body> unresolved_;
};

using changes = std::vector<std::shared_ptr<change>>;

}  // namespace evodb
