#include "table/manifests/known_partition_types.h"

#include "model/data_files.h"

namespace evodb {

std::optional<std::vector<type>> known_partition_types(const partition_spec &spec, const schema &columns) {
  std::vector<type> types = result_types(spec, columns);
  for (std::size_t i = 0; i < types.size(); ++i) {
    const bool is_void = spec.fields[i].transform.kind == transform::kind::void_;
    if (!is_void && value_column::storage_of(types[i]) == value_column::storage::none) return std::nullopt;
  }
  return types;
}

}  // namespace evodb
