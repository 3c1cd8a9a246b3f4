#pragma once

#include <string>
#include <vector>

#include "model/schema.h"

namespace evodb {

/// One difference between two schemas of a table, seen by a reader of old files with the new schema or new files with
/// the old one.
struct schema_difference {
  bool is_compatible = true;
  std::string kind;    ///< "added", "dropped", "renamed", …
  std::string column;  ///< full name: the new one, but for dropped columns
  std::string reason;  ///< one sentence
};

/// Every difference, by field id, in the order of the new schema with dropped columns at the end.
std::vector<schema_difference> compare(const schema &old_schema, const schema &new_schema, int format_version);

}  // namespace evodb
