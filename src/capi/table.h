#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "capi/boundary.h"
#include "evodb_lakehouse.h"
#include "table/table.h"

struct evodb_table {
  explicit evodb_table(evodb::table of);
  evodb::table value;
  std::string location;
  std::string uuid;
  std::vector<evodb::error> warnings;
  std::once_flag json_once;
  std::string json;
  /// By the snapshots' positions, whether each is the current one or an ancestor of it; made on first use.
  std::once_flag ancestors_once;
  std::vector<bool> are_ancestors;
};

namespace evodb::capi {

/// Null for NULL.
std::shared_ptr<runtime> runtime_of(const evodb_table *table) noexcept;

/// The body of an operation on a table: `make` gives the new value from the table's.
template <typename Make>
evodb_status derive(const evodb_table *table, evodb_table **out_table, evodb_error **error, Make make) {
  return guarded(error, [&] {
    require(table, "table");
    require(out_table, "out_table");
    check_process(*runtime_of(table));
    *out_table = new evodb_table(make(table->value));
  });
}

}  // namespace evodb::capi
