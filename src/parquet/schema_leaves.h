#pragma once

#include <string_view>
#include <vector>

#include "parquet/schema_node.h"

namespace evodb {

/// A column of a Parquet file, and the names from the one below the root to its own. Both are views into the schema.
struct schema_leaf {
  const schema_node *node;
  std::vector<std::string_view> path;
};

/// In the order of the schema, which is that of the columns of a row group.
std::vector<schema_leaf> leaves_of(const schema_node &root);

}  // namespace evodb
