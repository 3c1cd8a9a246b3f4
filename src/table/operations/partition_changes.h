#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/partition_spec.h"
#include "model/table_metadata.h"

namespace evodb {

/// What to do to a partition spec. Fields are named by the name that they have when the change's turn comes.
namespace partition_change {
struct add {
  std::string text;  ///< "bucket(16, id)" or "bucket(16, id) AS shard", as parse_partition_field reads it
};
struct drop {
  std::string name;
};
struct rename {
  std::string name, new_name;
};
}  // namespace partition_change

using partition_change_step = std::variant<partition_change::add, partition_change::drop, partition_change::rename>;
using partition_changes = std::vector<partition_change_step>;

/// The table's default spec with the changes, by the rules of Iceberg Java's UpdatePartitionSpec: a field that a spec of
/// the table has had keeps its field id (and its name, where none is given), version 1 keeps dropped fields as void ones.
/// It has the id of an equal spec of the table, or a new one. Throws NOT_FOUND, ALREADY_EXISTS and INVALID_ARGUMENT, each
/// naming the field.
partition_spec evolve_spec(const table_metadata &metadata, const partition_changes &changes);

}  // namespace evodb
