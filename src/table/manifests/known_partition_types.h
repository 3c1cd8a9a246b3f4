#pragma once

#include <optional>
#include <vector>

#include "model/partition_spec.h"
#include "model/schema.h"

namespace evodb {

/// The types of a spec's fields, in order. Null where one of them is not known, so that the values of its files cannot be
/// written again.
std::optional<std::vector<type>> known_partition_types(const partition_spec &spec, const schema &columns);

}  // namespace evodb
