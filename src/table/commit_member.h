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
  changes pending;  ///< changes of the value that are not known to be committed
  std::optional<table> committed;
  std::exception_ptr failure;

  commit_member(table of, std::optional<idempotency_key> named)
      : value(std::move(of)), key(std::move(named)), pending(value.uncommitted()) {}

  bool is_done() const noexcept { return committed || failure; }
  bool is_creating() const {
    return !pending.empty() && std::holds_alternative<table_change::create>(pending.front()->body());
  }
  void drop_committed() {
    std::erase_if(pending, [](const auto &change) { return change->is_committed(); });
  }
};

}  // namespace evodb
