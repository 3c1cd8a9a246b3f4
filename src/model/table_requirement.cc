#include <fmt/format.h>

#include <set>
#include <utility>

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

/// Collects what each update requires of the base, once for each subject: the first update that changes one builds on the
/// base, and those after it on the first.
struct collector {
  const table_metadata &base;
  std::vector<table_requirement> requirements;
  std::set<std::string, std::less<>> refs;
  bool has_fields = false, has_schema = false, has_partition_fields = false, has_spec = false, has_order = false;

  template <typename Required>
  void require_once(bool &is_required, Required required) {
    if (!std::exchange(is_required, true)) requirements.push_back(required);
  }
  void require_ref(const std::string &name) {
    if (!refs.insert(name).second) return;
    const auto found = base.refs.find(name);
    const auto at = found == base.refs.end() ? std::nullopt : std::optional(found->second.snapshot_id);
    requirements.push_back(requirement::assert_ref_snapshot_id{name, at});
  }

  void operator()(const update::assign_uuid &) {}
  void operator()(const update::upgrade_format_version &) {}
  void operator()(const update::set_location &) {}
  void operator()(const update::add_schema &) {
    require_once(has_fields, requirement::assert_last_assigned_field_id{base.last_column_id});
  }
  void operator()(const update::set_current_schema &) {
    require_once(has_schema, requirement::assert_current_schema_id{base.current_schema_id});
  }
  void operator()(const update::add_partition_spec &) {
    require_once(has_partition_fields, requirement::assert_last_assigned_partition_id{base.last_partition_id});
  }
  void operator()(const update::set_default_spec &) {
    require_once(has_spec, requirement::assert_default_spec_id{base.default_spec_id});
  }
  void operator()(const update::add_sort_order &) {}
  void operator()(const update::set_default_sort_order &) {
    require_once(has_order, requirement::assert_default_sort_order_id{base.default_sort_order_id});
  }
  void operator()(const update::add_snapshot &) {}
  void operator()(const update::set_snapshot_ref &u) { require_ref(u.name); }
  void operator()(const update::remove_snapshots &) {}
  void operator()(const update::remove_snapshot_ref &u) { require_ref(u.name); }
  void operator()(const update::set_properties &) {}
  void operator()(const update::remove_properties &) {}
};

}  // namespace

std::vector<table_requirement> requirements_for(const std::vector<table_update> &updates, const table_metadata &base) {
  collector collect{base, {}, {}};
  collect.requirements.push_back(requirement::assert_table_uuid{base.table_uuid});
  for (const table_update &update : updates) std::visit(collect, update);
  return std::move(collect.requirements);
}

void check(const table_metadata *metadata, const table_requirement &required) {
  if (metadata) return std::visit(checker{*metadata}, required);
  if (!std::holds_alternative<requirement::assert_create>(required)) fail(status::CONFLICT, "table does not exist");
}

}  // namespace evodb
