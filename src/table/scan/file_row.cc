#include "table/scan/file_row.h"

#include "codec/partition_json.h"

namespace evodb {

void read_row(const planned_files &files, std::size_t i, file_row &row) {
  const data_files &columns = files.entries->files;
  const std::size_t at = files.rows[i];
  const partition_spec &spec = files.pruning->spec();
  row.file_path = columns.path(at);
  row.file_format = name_of(columns.file_formats[at]);
  row.record_count = columns.record_counts[at];
  row.file_size_in_bytes = columns.file_sizes[at];
  row.spec_id = spec.spec_id;
  row.data_sequence_number = files.entries.sequence_number(at);
  const auto &offsets = columns.split_offsets.offsets;
  row.split_offsets.clear();
  if (offsets.size() > at + 1) {
    row.split_offsets.assign(columns.split_offsets.values.begin() + offsets[at],
                             columns.split_offsets.values.begin() + offsets[at + 1]);
  }
  row.residual = files.residuals[files.residual_of[i]];
  const partition_tuple partition = columns.partition(at);
  row.partition_path = spec.partition_path(files.pruning->columns(), partition);
  row.partition_json = write_partition_json(spec, files.pruning->partition_types(), partition);
}

}  // namespace evodb
