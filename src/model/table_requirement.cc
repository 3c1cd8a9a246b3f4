#include <fmt/format.h>

#include "base/error.h"
#include "model/table_update.h"

namespace evodb {
namespace {

template <typename T>
void require(const table_metadata &m, const char *what, const T &expected, const T &present) {
  if (expected != present)
    fail(status::CONFLICT, fmt::format("{} should be {}, but is {}", what, expected, present), m.location);
}

std::string shown(const std::optional<std::int64_t> &snapshot_id) {
  return snapshot_id ? fmt::format("snapshot {}", *snapshot_id) : "absent";
}

/// Checks a requirement against a table that exists.
struct checker {
  const table_metadata &m;

  void operator()(const requirement::assert_create &) const {
    fail(status::CONFLICT, "table already exists", m.location);
  }
  void operator()(const requirement::assert_table_uuid &r) const {
    require(m, "table's uuid", r.table_uuid.to_text(), m.table_uuid.to_text());
  }
  void operator()(const requirement::assert_ref_snapshot_id &r) const {
    const auto found = m.refs.find(r.ref);
    const auto present = found == m.refs.end() ? std::nullopt : std::optional(found->second.snapshot_id);
    require(m, fmt::format("ref '{}'", r.ref).c_str(), shown(r.snapshot_id), shown(present));
  }
  void operator()(const requirement::assert_last_assigned_field_id &r) const {
    require(m, "last assigned field id", r.last_column_id, m.last_column_id);
  }
  void operator()(const requirement::assert_current_schema_id &r) const {
    require(m, "current schema id", r.schema_id, m.current_schema_id);
  }
  void operator()(const requirement::assert_last_assigned_partition_id &r) const {
    require(m, "last assigned partition field id", r.last_partition_id, m.last_partition_id);
  }
  void operator()(const requirement::assert_default_spec_id &r) const {
    require(m, "default partition spec id", r.spec_id, m.default_spec_id);
  }
  void operator()(const requirement::assert_default_sort_order_id &r) const {
    require(m, "default sort order id", r.order_id, m.default_sort_order_id);
  }
};

}  // namespace

void check(const table_metadata *metadata, const table_requirement &required) {
  if (metadata) return std::visit(checker{*metadata}, required);
  if (!std::holds_alternative<requirement::assert_create>(required)) fail(status::CONFLICT, "table does not exist");
}

}  // namespace evodb
