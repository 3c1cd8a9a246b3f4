#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/schema.h"

namespace evodb {

/// Which rows and which schemas have to fit together.
enum class compatibility : std::uint8_t {
  none,      ///< nothing is asked for
  backward,  ///< the new schema reads rows that were written with the old one
  forward,   ///< the old schema reads rows that are written with the new one
  full,      ///< both
  evolution  ///< as backward, and no column leaves: what a schema change does without being asked for it by name
};

/// One difference between two schemas of a table.
struct schema_difference {
  bool is_compatible = true;
  std::string kind;    ///< "added", "dropped", "renamed", …
  std::string column;  ///< full name: the new one, but for dropped columns
  std::string reason;  ///< one sentence
};

/// Every difference, by field id, in the order of the new schema with dropped columns at the end.
std::vector<schema_difference> compare(const schema &old_schema, const schema &new_schema, int format_version,
                                       compatibility asked = compatibility::evolution);

}  // namespace evodb
