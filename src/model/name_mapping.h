#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/schema.h"

namespace evodb {

/// Which field a column of a file without field ids stands for (spec, "Column Projection"). Stored as the table
/// property `schema.name-mapping.default`.
struct mapped_field {
  std::vector<std::string> names;
  std::optional<std::int32_t> field_id;
  std::vector<mapped_field> fields;
  bool operator==(const mapped_field &) const = default;
};

using name_mapping = std::vector<mapped_field>;

inline constexpr const char *name_mapping_property = "schema.name-mapping.default";

/// Every field of the schema under its present name.
name_mapping create_name_mapping(const schema &s);
/// The mapping after the schema changed: new fields added, new names of renamed fields added to the old ones (so files
/// of either name are read), names taken over by another field removed from the older one.
name_mapping update_name_mapping(const name_mapping &mapping, const schema &changed);

}  // namespace evodb
