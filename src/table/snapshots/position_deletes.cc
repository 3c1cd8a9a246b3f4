#include "table/snapshots/position_deletes.h"

#include <vector>

#include "model/partition_key.h"

namespace evodb {

bool position_deletes_may_be_of(const data_files &files, std::size_t row, std::string_view path,
                                const bytes &partition) {
  const std::string_view of = files.referenced_data_file(row);
  if (!of.empty()) return of == path;
  if (spec_partition_key(files, row) != partition) return false;
  const metrics_column *paths = files.find_metrics(delete_file_path_id);
  if (paths == nullptr) return true;
  const auto bound = [&](const std::vector<span> &bounds) { return bounds.empty() ? span() : bounds[row]; };
  const span lower = bound(paths->lower_bounds), upper = bound(paths->upper_bounds);
  return (lower.is_null() || files.text(lower) <= path) && (upper.is_null() || files.text(upper) >= path);
}

}  // namespace evodb
