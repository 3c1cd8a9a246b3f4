#include "table/snapshots/position_deletes.h"

#include <optional>

#include "model/partition_key.h"

namespace evodb {

std::string_view only_data_file(const data_files &files, std::size_t row) {
  const std::string_view referenced = files.referenced_data_file(row);
  if (!referenced.empty() || files.contents[row] != file_content::position_deletes) return referenced;
  const metrics_column *paths = files.find_metrics(delete_file_path_id);
  if (paths == nullptr) return {};
  const std::optional<byte_view> lower = paths->lower_bounds.at(row, files.arena);
  const std::optional<byte_view> upper = paths->upper_bounds.at(row, files.arena);
  return lower && lower == upper ? *lower : std::string_view();
}

bool position_deletes_may_be_of(const data_files &files, std::size_t row, std::string_view path,
                                const bytes &partition) {
  const std::string_view of = only_data_file(files, row);
  if (!of.empty()) return of == path;
  if (spec_partition_key(files, row) != partition) return false;
  const metrics_column *paths = files.find_metrics(delete_file_path_id);
  if (paths == nullptr) return true;
  const std::optional<byte_view> lower = paths->lower_bounds.at(row, files.arena);
  const std::optional<byte_view> upper = paths->upper_bounds.at(row, files.arena);
  return (!lower || *lower <= path) && (!upper || *upper >= path);
}

}  // namespace evodb
