#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/table_metadata.h"

namespace evodb {

/// What a commit does to a table, in the vocabulary of Iceberg's REST catalog: a commit is (requirements, updates), so
/// any catalog can carry it out.
namespace update {
struct assign_uuid {
  uuid table_uuid;
};
struct upgrade_format_version {
  int format_version;
};
struct set_location {
  std::string location;
};
struct add_schema {
  std::shared_ptr<const evodb::schema> added;  ///< its schema id is used as it is
};
struct set_current_schema {
  std::int32_t schema_id;
};
struct add_partition_spec {
  partition_spec spec;
};
struct set_default_spec {
  std::int32_t spec_id;
};
struct add_sort_order {
  sort_order order;
};
struct set_default_sort_order {
  std::int32_t order_id;
};
struct add_snapshot {
  std::shared_ptr<const evodb::snapshot> added;
};
struct set_snapshot_ref {
  std::string name;
  snapshot_ref ref;
};
struct remove_snapshots {
  std::vector<std::int64_t> snapshot_ids;
};
struct remove_snapshot_ref {
  std::string name;
};
struct set_properties {
  string_pairs properties;
};
struct remove_properties {
  std::vector<std::string> keys;
};
}  // namespace update

using table_update = std::variant<update::assign_uuid, update::upgrade_format_version, update::set_location,
                                  update::add_schema, update::set_current_schema, update::add_partition_spec,
                                  update::set_default_spec, update::add_sort_order, update::set_default_sort_order,
                                  update::add_snapshot, update::set_snapshot_ref, update::remove_snapshots,
                                  update::remove_snapshot_ref, update::set_properties, update::remove_properties>;

namespace requirement {
struct assert_create {};
struct assert_table_uuid {
  uuid table_uuid;
};
struct assert_ref_snapshot_id {
  std::string ref;
  std::optional<std::int64_t> snapshot_id;
};
struct assert_last_assigned_field_id {
  std::int32_t last_column_id;
};
struct assert_current_schema_id {
  std::int32_t schema_id;
};
struct assert_last_assigned_partition_id {
  std::int32_t last_partition_id;
};
struct assert_default_spec_id {
  std::int32_t spec_id;
};
struct assert_default_sort_order_id {
  std::int32_t order_id;
};
}  // namespace requirement

using table_requirement =
    std::variant<requirement::assert_create, requirement::assert_table_uuid, requirement::assert_ref_snapshot_id,
                 requirement::assert_last_assigned_field_id, requirement::assert_current_schema_id,
                 requirement::assert_last_assigned_partition_id, requirement::assert_default_spec_id,
                 requirement::assert_default_sort_order_id>;

/// Moves a branch, which keeps its retention settings, or makes it. Throws CONFLICT where a tag has that name.
update::set_snapshot_ref move_branch(const table_metadata &base, const std::string &branch, std::int64_t snapshot_id);

/// The metadata after the update. `set_snapshot_ref` of "main" moves the current snapshot and adds to the snapshot log,
/// stamped with `timestamp_ms`. Throws INVALID_ARGUMENT where an update names what is not there.
void apply(table_metadata &metadata, const table_update &change, std::int64_t timestamp_ms);

/// What a catalog has to check so that these updates, made on `base`, are right: nothing that one of them builds on may
/// have changed since (the rules of Iceberg's UpdateRequirements). The first requirement is that the table is the same.
std::vector<table_requirement> requirements_for(const std::vector<table_update> &updates, const table_metadata &base);

/// Throws CONFLICT naming what was expected and what is there. `metadata` is null where there is no table yet.
void check(const table_metadata *metadata, const table_requirement &required);

}  // namespace evodb
