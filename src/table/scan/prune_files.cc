#include "table/scan/prune_files.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/error.h"
#include "codec/partition_json.h"
#include "model/partition_check.h"
#include "model/partition_columns.h"
#include "table/scan/file_selection.h"

namespace evodb {
namespace {

void check_record_counts(const data_files &files, const std::vector<std::string_view> &paths) {
  for (std::size_t row = 0; row < paths.size(); ++row) {
    const std::int64_t count = files.record_counts[row];
    if (count < data_files::no_value) {
      fail(status::INVALID_ARGUMENT,
           fmt::format("{}: record_count is {}; where it is unknown, give -1", paths[row], count),
           std::string(paths[row]));
    }
  }
}

void read_partitions(const imported_data_files &described, const spec_pruning &pruning, data_files &into) {
  const partition_spec &spec = pruning.spec();
  into.spec_id = spec.spec_id;
  into.partitions.resize(spec.fields.size());
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    into.partitions[i].field_id = spec.fields[i].field_id;
    into.partitions[i].type = pruning.partition_types()[i];
  }
  read_partition_columns(described.partitions, into, [&](std::size_t row) {
    const std::string_view text = described.partitions[row], path = described.paths[row];
    if (text.empty()) return partition_tuple(spec.fields.size());
    const std::vector<value> given = read_partition_json(spec, pruning.partition_types(), text, path);
    check_partition(spec, pruning.columns(), given, path);
    return partition_tuple(given.begin(), given.end());
  });
}

}  // namespace

planned_files prune_files(imported_data_files described, std::shared_ptr<const spec_pruning> pruning) {
  check_record_counts(described.files, described.paths);
  auto entries = std::make_shared<manifest_entries>();
  entries->files = std::move(described.files);
  data_files &files = entries->files;
  for (const std::string_view path : described.paths) files.file_paths.push_back(files.keep(path));
  read_partitions(described, *pruning, files);
  entries->statuses.assign(files.size(), entry_status::added);
  plan_counts counts;
  return select_files({std::move(entries), manifest_inheritance(manifest_file())}, std::move(pruning), counts);
}

}  // namespace evodb
