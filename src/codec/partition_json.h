#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/partition_spec.h"

namespace evodb {

/// A file's partition as an object from field name to JSON single value, without those that are not known. `types` are
/// the result types of the spec's fields.
std::string write_partition_json(const partition_spec &spec, const std::vector<type> &types,
                                 const partition_tuple &partition);
/// The inverse, for a text that a caller gave; an empty one is {}. Throws INVALID_ARGUMENT naming the subject and the
/// field: every field must be there, and no other.
std::vector<value> read_partition_json(const partition_spec &spec, const std::vector<type> &types,
                                       std::string_view json, std::string_view subject);

}  // namespace evodb
