#include "table/manifests/spec_prunings.h"

#include <fmt/format.h>

#include "base/error.h"

namespace evodb {

const std::shared_ptr<const spec_pruning> &spec_prunings::of(std::int32_t spec_id) {
  const auto known = by_spec_.find(spec_id);
  if (known != by_spec_.end()) return known->second;
  const partition_spec *spec = metadata_.find_spec(spec_id);
  if (spec == nullptr)
    fail(status::CORRUPT, fmt::format("a manifest has partition spec {}, which the table does not have", spec_id),
         metadata_.location);
  auto made = std::make_shared<const spec_pruning>(filter_, *spec, schema_with_sources(*spec));
  return by_spec_.emplace(spec_id, std::move(made)).first->second;
}

/// The current schema, unless it lost a column that the spec is made from: then the newest schema that has all of them.
std::shared_ptr<const schema> spec_prunings::schema_with_sources(const partition_spec &spec) const {
  if (has_sources(*metadata_.current_schema(), spec)) return metadata_.current_schema();
  for (auto known = metadata_.schemas.rbegin(); known != metadata_.schemas.rend(); ++known) {
    if (has_sources(**known, spec)) return *known;
  }
  return metadata_.current_schema();
}

}  // namespace evodb
