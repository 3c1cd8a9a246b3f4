#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api.h"

namespace tool {

/// A branch or tag. Retention that it does not have is -1.
struct table_ref {
  std::string name;
  bool is_branch = true;
  std::int64_t snapshot_id = -1, min_snapshots_to_keep = -1, max_snapshot_age_ms = -1, max_ref_age_ms = -1;
};

std::vector<table_ref> refs_of(const table_handle &table);
std::optional<table_ref> find_ref(const table_handle &table, const std::string &name);

/// Writes the table's refs as JSON or as text. `committed`: of the commit that the table is the result of; null where
/// nothing was committed.
void print_refs(const table_handle &table, std::optional<bool> committed, bool as_json);

}  // namespace tool
