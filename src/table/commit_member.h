#pragma once

#include <exception>
#include <optional>
#include <utility>

#include "table/idempotency.h"
#include "table/table.h"

namespace evodb {

/// One call of commit: the value, and what it came to once that is known. Changed under the table's line alone.
struct commit_member {
  table value;
  std::optional<idempotency_key> key;
  changes pending;        ///< changes of the value that are not known to be committed
  bool was_sent = false;  ///< in a body of this call
  std::optional<table> committed;
  std::exception_ptr failure;  ///< what went wrong, before it is told

  commit_member(table of, std::optional<idempotency_key> named)
      : value(std::move(of)), key(std::move(named)), pending(value.uncommitted()) {}

  /// The failure as the caller shall hear it, when its turn has come: others may have sent changes of the value since it
  /// failed. Whatever went wrong, as long as a body that holds one of them may land the outcome is unknown, with a token.
  std::exception_ptr told_failure() const;
  /// Whether the outcome was unknown, and somebody who was in front has found it out since.
  bool has_become_known() const;
  /// Where nothing is left to do but to record the key: gives it a change that does nothing else.
  void carry_key();

  bool is_done() const noexcept { return committed || failure; }
  bool is_creating() const {
    return !pending.empty() && std::holds_alternative<table_change::create>(pending.front()->body());
  }
  void drop_committed() {
    std::erase_if(pending, [](const auto &change) { return change->is_committed(); });
  }
};

}  // namespace evodb
