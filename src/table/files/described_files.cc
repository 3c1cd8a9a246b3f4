#include "table/files/described_files.h"

#include <fmt/format.h>

#include <limits>
#include <unordered_map>
#include <utility>

#include "base/utf8.h"
#include "codec/partition_json.h"
#include "table/files/suspect_rows.h"

namespace evodb {
namespace {

[[noreturn]] void refuse(const data_file &file, std::string_view problem, status code = status::INVALID_ARGUMENT) {
  fail(code, fmt::format("{}: {}", file.file_path, problem), file.file_path);
}

std::optional<std::int64_t> known(std::int64_t count) {
  return count == data_files::no_value ? std::nullopt : std::optional(count);
}

/// Bounds of these types are not in the order of their bytes.
bool has_order(const type &t) noexcept {
  return !t.is(type_kind::geometry) && !t.is(type_kind::geography);
}

}  // namespace

described_files::described_files(table of, bool allow_outside)
    : table_(std::move(of)),
      locations_(table_, allow_outside),
      partition_types_(result_types(spec(), columns())),
      builder_(empty_builder()) {}

data_files_builder described_files::empty_builder() const {
  std::vector<std::int32_t> ids;
  for (const partition_field &field : spec().fields) ids.push_back(field.field_id);
  return data_files_builder(spec().spec_id, partition_types_, std::move(ids));
}

std::string described_files::locate(std::string_view path) {
  if (path.empty()) fail(status::INVALID_ARGUMENT, "the file's path is empty", "path");
  std::string location = locations_.find(path);
  if (paths_.contains(location)) fail(status::ALREADY_EXISTS, "this file is given twice", location);
  return location;
}

void described_files::check_sizes(const data_file &begun) {
  if (begun.record_count < 0) refuse(begun, fmt::format("record_count {} is negative", begun.record_count));
  if (begun.file_size < 0) refuse(begun, fmt::format("file_size_in_bytes {} is negative", begun.file_size));
}

void described_files::begin(data_file &begun, std::string_view partition_json) const {
  check_sizes(begun);
  begun.partition = read_partition_json(spec(), partition_types_, partition_json, begun.file_path);
  check_partition(begun);
}

void described_files::check_partition(const data_file &begun) const {
  for (std::size_t i = 0; i < begun.partition.size(); ++i) {
    const partition_field &p = spec().fields[i];
    const field *source = columns().find(p.source_id());
    if (source == nullptr) continue;
    const value &given = begun.partition[i];
    if (const auto reason = impossible_partition(p.transform, source->type, given))
      fail_partition(p, source->type, given, *reason, begun.file_path);
    const bool gives_null = p.transform.kind == transform::kind::void_ || p.transform.kind == transform::kind::unknown;
    if (is_null(given) && !gives_null && is_never_null(columns(), *source)) {
      fail_partition(p, source->type, given, fmt::format("column {} is required", columns().full_name(source->id)),
                     begun.file_path);
    }
  }
}

void described_files::check(const data_file &of, const column_metrics &metrics) const {
  const field *column = columns().find(metrics.field_id);
  if (column == nullptr)
    refuse(of, fmt::format("statistics of field id {}, which the schema does not have", metrics.field_id));
  check_counts(of, metrics);
  const column_facts facts = facts_of(of, metrics, *column);
  if (facts.null_count.value_or(0) > 0 && is_never_null(columns(), *column)) {
    refuse(of,
           fmt::format("column {} is required, but {} of its values are null", columns().full_name(column->id),
                       *facts.null_count),
           status::INCOMPATIBLE_SCHEMA);
  }
  for (std::size_t i = 0; i < of.partition.size(); ++i) {
    const partition_field &p = spec().fields[i];
    if (p.source_ids.size() != 1 || p.source_id() != column->id) continue;
    const auto reason =
        partition_contradiction(p.transform, column->type, columns().full_name(column->id), facts, of.partition[i]);
    if (reason) fail_partition(p, column->type, of.partition[i], *reason, of.file_path);
  }
}

void described_files::check_counts(const data_file &of, const column_metrics &metrics) const {
  const auto refuse_count = [&](std::string_view problem) {
    refuse(of, fmt::format("column {}: {}", columns().full_name(metrics.field_id), problem));
  };
  for (const std::int64_t count :
       {metrics.column_size, metrics.value_count, metrics.null_value_count, metrics.nan_value_count}) {
    if (count < data_files::no_value)
      refuse(of, fmt::format("a count of field id {} is below -1: {}", metrics.field_id, count));
  }
  // Only within lists and maps does a column have more values than the file has rows.
  const std::int64_t nulls = known(metrics.null_value_count).value_or(0);
  const std::int64_t nans = known(metrics.nan_value_count).value_or(0);
  const std::int64_t records = of.record_count;
  const bool exceeds_records = metrics.value_count > records || nulls > records || nans > records - nulls;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  if (exceeds_records && columns().is_single_valued(metrics.field_id)) most = records;
  const bool is_at_top = columns().parent_of(metrics.field_id) == schema::no_parent;
  if (is_at_top && known(metrics.value_count).value_or(records) < records)
    refuse_count(fmt::format("{} values in a file of {} records, of which each has one, null included",
                             metrics.value_count, records));
  if (metrics.value_count > most)
    refuse_count(fmt::format("{} values in a file of {} records", metrics.value_count, records));
  most = known(metrics.value_count).value_or(most);
  if (nulls > most || nans > most - nulls)
    refuse_count(fmt::format("{} nulls and {} NaN among {} values", nulls, nans, most));
}

column_facts described_files::facts_of(const data_file &of, const column_metrics &metrics, const field &column) const {
  column_facts facts;
  facts.value_count = known(metrics.value_count).value_or(of.record_count);
  facts.null_count = known(metrics.null_value_count);
  facts.nan_count = known(metrics.nan_value_count);
  const auto value_of = [&](const std::optional<bytes> &bound) -> std::optional<value> {
    if (!bound) return std::nullopt;
    try {
      value read = from_single_value(column.type, *bound);
      if (is_nan(read)) fail(status::INVALID_ARGUMENT, "NaN, which Iceberg does not permit: leave it out");
      if (column.type.is(type_kind::string) && !is_utf8(*bound))
        fail(status::INVALID_ARGUMENT, "not UTF-8: cut it between characters, or leave it out");
      return read;
    } catch (const error &wrong) {
      refuse(of, fmt::format("a bound of column {}: {}", columns().full_name(column.id), wrong.message()));
    }
  };
  facts.lower = value_of(metrics.lower_bound);
  facts.upper = value_of(metrics.upper_bound);
  const bool has_values = facts.null_count.value_or(0) + facts.nan_count.value_or(0) < facts.value_count;
  if ((facts.lower || facts.upper) && !has_values && facts.value_count > 0)
    refuse(of, fmt::format("column {}: all of its values are null{}, but it has bounds", columns().full_name(column.id),
                           facts.nan_count.value_or(0) > 0 ? " or NaN" : ""));
  if (facts.lower && facts.upper && has_order(column.type) && is_below(column.type, *facts.upper, *facts.lower)) {
    refuse(of, fmt::format("column {}: the lower bound {} is above the upper bound {}", columns().full_name(column.id),
                           to_short_text(column.type, *facts.lower), to_short_text(column.type, *facts.upper)));
  }
  return facts;
}

void described_files::check_split_offsets(const data_file &of) {
  std::int64_t least = 0;
  for (std::size_t i = 0; i < of.split_offsets.size(); ++i) {
    const std::int64_t offset = of.split_offsets[i];
    if (offset < least) refuse(of, fmt::format("split_offsets must ascend from 0 on: {} is number {}", offset, i + 1));
    least = offset + (offset < std::numeric_limits<std::int64_t>::max());
  }
}

void described_files::check_facts(const data_file &of) const {
  for (const column_metrics &metrics : of.metrics) check(of, metrics);
  check_split_offsets(of);
}

void described_files::add_checked(const data_file &file) {
  builder_.add(file);
  paths_.insert(file.file_path);
}

void described_files::add(data_file described, std::string_view partition_json) {
  described.file_path = locate(described.file_path);
  begin(described, partition_json);
  check_facts(described);
  add_checked(described);
}

void described_files::end_batch() {
  auto batch = std::make_shared<const data_files>(std::move(builder_).finish());
  builder_ = empty_builder();
  if (batch->size() > 0) batches_.push_back(std::move(batch));
}

void described_files::add(imported_data_files described) {
  data_files &files = described.files;
  locate_all(described.paths, files);
  if (const auto &wrong = described.of_no_column) {
    data_file of;
    of.file_path = files.path(wrong->row);
    column_metrics metrics;
    metrics.field_id = wrong->field_id;
    check(of, metrics);
  }
  read_partitions(described.partitions, files);
  const std::vector<std::uint8_t> suspects = suspect_rows(files, columns(), spec());
  for (std::size_t row = 0; row < files.size(); ++row) {
    if (suspects[row] == 0) continue;
    const data_file one = file_at(files, row);
    check_sizes(one);
    check_facts(one);
  }
  if (files.size() == 0) return;
  add_paths(files);
  end_batch();
  batches_.push_back(std::make_shared<const data_files>(std::move(files)));
}

void described_files::locate_all(const std::vector<std::string_view> &paths, data_files &into) {
  into.file_paths.reserve(paths.size());
  for (const std::string_view path : paths) into.file_paths.push_back(into.keep(locate(path)));
}

void described_files::read_partitions(const std::vector<std::string_view> &texts, data_files &into) const {
  into.spec_id = spec().spec_id;
  into.partitions = empty_builder().finish().partitions;
  std::unordered_map<std::string_view, std::size_t> first_rows;
  std::size_t first_row = 0;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    bool is_new = row == 0;
    if (is_new || texts[row] != texts[row - 1]) {
      const auto found = first_rows.emplace(texts[row], row);
      is_new = found.second;
      first_row = found.first->second;
    }
    if (is_new) {
      data_file of;
      of.file_path = into.path(row);
      of.partition = read_partition_json(spec(), partition_types_, texts[row], of.file_path);
      check_partition(of);
      for (std::size_t i = 0; i < of.partition.size(); ++i) into.partitions[i].push(of.partition[i], into.arena);
    } else {
      for (value_column &column : into.partitions) column.push_same_as(first_row);
    }
  }
}

void described_files::add_paths(const data_files &of) {
  paths_.reserve(paths_.size() + of.size());
  for (std::size_t row = 0; row < of.size(); ++row) {
    const auto [at, is_new] = paths_.emplace(of.path(row));
    if (is_new) continue;
    const std::string twice = *at;
    while (row-- > 0) paths_.erase(std::string(of.path(row)));
    fail(status::ALREADY_EXISTS, "this file is given twice", twice);
  }
}

std::shared_ptr<const table_files> described_files::finish() {
  end_batch();
  auto files = std::make_shared<table_files>(*table_.metadata());
  files->batches = std::exchange(batches_, {});
  paths_.clear();
  return files;
}

}  // namespace evodb
