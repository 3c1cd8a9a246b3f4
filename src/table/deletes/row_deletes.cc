#include "table/deletes/row_deletes.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/error.h"
#include "codec/puffin.h"
#include "parquet/position_delete_writer.h"

namespace evodb {
namespace {

/// The column that deletion vectors say they are of: the position of a row (Iceberg specification, "Reserved Field IDs").
constexpr std::int32_t row_position_id = 2147483645;

/// Ascending, each once.
std::vector<std::int64_t> checked_positions(const row_deletes &of) {
  const auto refuse = [&](std::string problem) { fail(status::INVALID_ARGUMENT, std::move(problem), of.data_file); };
  std::vector<std::int64_t> positions = of.positions;
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  if (positions.empty()) refuse("no positions of rows to delete");
  if (positions.front() < 0) refuse(fmt::format("position {} of a row to delete is negative", positions.front()));
  const bool is_known = of.record_count != data_files::no_value;
  if (is_known && positions.back() >= of.record_count)
    refuse(fmt::format("there is no row at position {}: the file has {} rows, counted from 0", positions.back(),
                       of.record_count));
  return positions;
}

/// What is the same in both versions.
data_file entry_of(const std::string &location, const row_deletes &of, std::size_t cardinality) {
  data_file entry;
  entry.file_path = location;
  entry.content = file_content::position_deletes;
  entry.record_count = static_cast<std::int64_t>(cardinality);
  entry.partition = of.partition;
  entry.referenced_data_file = of.data_file;
  return entry;
}

puffin_blob vector_facts(const data_file &entry) {
  puffin_blob facts;
  facts.type = deletion_vector_type;
  facts.fields = {row_position_id};
  facts.properties = {{"cardinality", std::to_string(entry.record_count)},
                      {"referenced-data-file", *entry.referenced_data_file}};
  return facts;
}

std::int64_t column_size(const parquet_footer &footer, std::size_t column) {
  std::int64_t size = 0;
  for (const row_group &group : footer.row_groups) size += group.columns[column].total_compressed_size;
  return size;
}

}  // namespace

new_delete_file write_deletion_vectors(const std::string &location, const std::vector<row_deletes> &deletes) {
  puffin_writer writer;
  new_delete_file made;
  std::set<std::string_view> of_files;
  for (const row_deletes &one : deletes) {
    if (!of_files.insert(one.data_file).second)
      fail(status::INVALID_ARGUMENT, "two deletion vectors of the same data file", one.data_file);
    const std::vector<std::int64_t> added = checked_positions(one), &earlier = one.earlier.positions;
    std::vector<std::int64_t> all;
    all.reserve(added.size() + earlier.size());
    std::set_union(earlier.begin(), earlier.end(), added.begin(), added.end(), std::back_inserter(all));
    data_file &entry = made.entries.emplace_back(entry_of(location, one, all.size()));
    entry.format = file_format::puffin;
    const puffin_blob &blob = writer.add(vector_facts(entry), encode_deletion_vector(all));
    entry.content_offset = blob.offset;
    entry.content_size = blob.length;
  }
  made.content = std::move(writer).finish();
  for (data_file &entry : made.entries) entry.file_size = static_cast<std::int64_t>(made.content.size());
  return made;
}

new_delete_file write_position_deletes(const std::string &location, const row_deletes &deletes) {
  const std::vector<std::int64_t> positions = checked_positions(deletes);
  position_delete_writer writer;
  for (const std::int64_t position : positions) writer.add(deletes.data_file, position);
  position_delete_writer::written file = std::move(writer).finish();
  new_delete_file made;
  data_file &entry = made.entries.emplace_back(entry_of(location, deletes, positions.size()));
  entry.format = file_format::parquet;
  entry.file_size = static_cast<std::int64_t>(file.file.size());
  // As Iceberg Java has them: whole bounds, and no counts. Rows are in order, and of one data file.
  const auto bounds_of = [](std::int32_t id, std::int64_t size, bytes lower, bytes upper) {
    column_metrics metrics;
    metrics.field_id = id;
    metrics.column_size = size;
    metrics.lower_bound = std::move(lower);
    metrics.upper_bound = std::move(upper);
    return metrics;
  };
  entry.metrics = {
      bounds_of(delete_position_id, column_size(file.footer, 1), to_single_value(type_kind::int64, positions.front()),
                to_single_value(type_kind::int64, positions.back())),
      bounds_of(delete_file_path_id, column_size(file.footer, 0), deletes.data_file, deletes.data_file)};
  for (const row_group &group : file.footer.row_groups) entry.split_offsets.push_back(group.columns.front().start());
  made.content = std::move(file.file);
  return made;
}

}  // namespace evodb
