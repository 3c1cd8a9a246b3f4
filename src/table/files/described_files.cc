#include "table/files/described_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/utf8.h"
#include "codec/partition_json.h"
#include "model/partition_columns.h"
#include "table/files/described_deletes.h"
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

std::string described_files::locate(std::string_view path, file_format format) {
  if (path.empty()) fail(status::INVALID_ARGUMENT, "the file's path is empty", "path");
  std::string location = locations_.find(path);
  const bool is_one = format != file_format::puffin;
  if (is_one && identities_.contains(location)) fail(status::ALREADY_EXISTS, "this file is given twice", location);
  return location;
}

std::string described_files::identity(const data_file &file) {
  return file.format == file_format::puffin ? "vector of " + file.referenced_data_file.value_or("") : file.file_path;
}

void described_files::make_position_deletes(data_file &begun, std::string_view referenced_data_file,
                                            std::int64_t content_offset, std::int64_t content_size) const {
  const auto given = [&](const char *name, std::int64_t number) {
    if (number < data_files::no_value) refuse(begun, fmt::format("{} {} is negative", name, number));
    return known(number);
  };
  std::optional<std::string> referenced;
  if (!referenced_data_file.empty()) referenced = referenced_path(table_.context()->location(), referenced_data_file);
  describe_position_deletes(begun, metadata(), std::move(referenced), given("content_offset", content_offset),
                            given("content_size_in_bytes", content_size));
}

void described_files::make_equality_deletes(data_file &begun, std::span<const std::int32_t> field_ids) const {
  describe_equality_deletes(begun, metadata(), field_ids);
}

void described_files::check_sizes(const data_file &begun) {
  if (begun.record_count < 0) refuse(begun, fmt::format("record_count {} is negative", begun.record_count));
  if (begun.file_size < 0) refuse(begun, fmt::format("file_size_in_bytes {} is negative", begun.file_size));
}

void described_files::begin(data_file &begun, std::string_view partition_json) const {
  check_sizes(begun);
  begun.partition = read_partition_json(spec(), partition_types_, partition_json, begun.file_path);
  check_partition(spec(), columns(), begun.partition, begun.file_path);
}

void described_files::check(const data_file &of, const column_metrics &metrics) const {
  const schema &columns = columns_described(of, *metadata().current_schema());
  const field *column = columns.find(metrics.field_id);
  if (column == nullptr)
    refuse(of, fmt::format("statistics of field id {}, which {} not have", metrics.field_id,
                           of.content == file_content::position_deletes ? "position deletes do" : "the schema does"));
  check_counts(of, metrics);
  const column_facts facts = facts_of(of, metrics, *column);
  // A row that equality deletes hold need not be one that the table may have.
  if (of.content == file_content::equality_deletes) return;
  if (facts.null_count.value_or(0) > 0 && columns.is_never_null(column->id)) {
    refuse(of,
           fmt::format("column {} is required, but {} of its values are null", columns.full_name(column->id),
                       *facts.null_count),
           status::INCOMPATIBLE_SCHEMA);
  }
  for (std::size_t i = 0; i < of.partition.size(); ++i) {
    const partition_field &p = spec().fields[i];
    if (p.source_ids.size() != 1 || p.source_id() != column->id) continue;
    const auto reason =
        partition_contradiction(p.transform, column->type, columns.full_name(column->id), facts, of.partition[i]);
    if (reason) fail_partition(p, column->type, of.partition[i], *reason, of.file_path);
  }
}

void described_files::check_counts(const data_file &of, const column_metrics &metrics) const {
  const schema &columns = columns_described(of, *metadata().current_schema());
  const auto refuse_count = [&](std::string_view problem) {
    refuse(of, fmt::format("column {}: {}", columns.full_name(metrics.field_id), problem));
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
  if (exceeds_records && columns.is_single_valued(metrics.field_id)) most = records;
  const bool is_at_top = columns.parent_of(metrics.field_id) == schema::no_parent;
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
  const auto name = [&] { return columns_described(of, *metadata().current_schema()).full_name(column.id); };
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
      refuse(of, fmt::format("a bound of column {}: {}", name(), wrong.message()));
    }
  };
  facts.lower = value_of(metrics.lower_bound);
  facts.upper = value_of(metrics.upper_bound);
  const bool has_values = facts.null_count.value_or(0) + facts.nan_count.value_or(0) < facts.value_count;
  if ((facts.lower || facts.upper) && !has_values && facts.value_count > 0)
    refuse(of, fmt::format("column {}: all of its values are null{}, but it has bounds", name(),
                           facts.nan_count.value_or(0) > 0 ? " or NaN" : ""));
  if (facts.lower && facts.upper && has_order(column.type) && is_below(column.type, *facts.upper, *facts.lower)) {
    refuse(of, fmt::format("column {}: the lower bound {} is above the upper bound {}", name(),
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
  check_described_content(of);
  for (const column_metrics &metrics : of.metrics) check(of, metrics);
  check_split_offsets(of);
}

void described_files::check_kind(const data_file &file) const {
  check_described_content(file);
  const bool is_of_deletes = file.content != file_content::data;
  if (!identities_.empty() && is_of_deletes != holds_deletes_) {
    refuse(file, is_of_deletes ? "a delete file after data files: delete files are described by a builder of their own"
                               : "a data file after delete files: data files are described by a builder of their own");
  }
}

void described_files::add_checked(const data_file &file) {
  check_kind(file);
  std::string id = identity(file);
  if (identities_.contains(id))
    refuse(file, "there is a deletion vector of its data file already", status::ALREADY_EXISTS);
  builder_.add(file);
  holds_deletes_ = file.content != file_content::data;
  identities_.insert(std::move(id));
}

/// Each as if it were given by itself, after all are checked.
void described_files::add_deletes(const data_files &files) {
  std::vector<data_file> checked;
  std::unordered_set<std::string> own;
  for (std::size_t row = 0; row < files.size(); ++row) {
    const data_file given = file_at(files, row);
    if (given.content == file_content::data) refuse(given, "a data file in one array with delete files");
    data_file one = given;
    one.content = file_content::data;
    one.metrics.clear();
    one.split_offsets.clear();
    one.equality_ids.clear();
    check_sizes(one);
    if (given.content == file_content::equality_deletes) {
      make_equality_deletes(one, given.equality_ids);
    } else {
      make_position_deletes(one, given.referenced_data_file.value_or(""), given.content_offset.value_or(-1),
                            given.content_size.value_or(-1));
    }
    one.metrics = given.metrics;
    one.split_offsets = given.split_offsets;
    check_facts(one);
    check_kind(one);
    std::string id = identity(one);
    if (identities_.contains(id) || !own.insert(id).second)
      refuse(one, "this file is given twice", status::ALREADY_EXISTS);
    checked.push_back(std::move(one));
  }
  for (const data_file &one : checked) add_checked(one);
}

void described_files::add(data_file described, std::string_view partition_json) {
  described.file_path = locate(described.file_path, described.format);
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
  if (files.record_counts.empty()) return;
  locate_all(described.paths, files);
  if (const auto &wrong = described.of_no_column) {
    data_file of;
    of.file_path = files.path(wrong->row);
    column_metrics metrics;
    metrics.field_id = wrong->field_id;
    check(of, metrics);
  }
  read_partitions(described.partitions, files);
  const auto is_of_deletes = [](file_content content) { return content != file_content::data; };
  if (std::any_of(files.contents.begin(), files.contents.end(), is_of_deletes)) return add_deletes(files);
  if (!identities_.empty() && holds_deletes_) check_kind(file_at(files, 0));
  const std::vector<std::uint8_t> suspects = suspect_rows(files, columns(), spec());
  for (std::size_t row = 0; row < files.size(); ++row) {
    if (suspects[row] == 0) continue;
    const data_file one = file_at(files, row);
    check_sizes(one);
    check_facts(one);
  }
  add_paths(files);
  end_batch();
  batches_.push_back(std::make_shared<const data_files>(std::move(files)));
}

void described_files::locate_all(const std::vector<std::string_view> &paths, data_files &into) {
  into.file_paths.reserve(paths.size());
  for (std::size_t row = 0; row < paths.size(); ++row)
    into.file_paths.push_back(into.keep(locate(paths[row], into.file_formats[row])));
}

void described_files::read_partitions(const std::vector<std::string_view> &texts, data_files &into) const {
  into.spec_id = spec().spec_id;
  into.partitions = empty_builder().finish().partitions;
  read_partition_columns(texts, into, [&](std::size_t row) {
    const std::string_view path = into.path(row);
    const std::vector<value> given = read_partition_json(spec(), partition_types_, texts[row], path);
    check_partition(spec(), columns(), given, path);
    return partition_tuple(given.begin(), given.end());
  });
}

void described_files::add_paths(const data_files &of) {
  identities_.reserve(identities_.size() + of.size());
  holds_deletes_ = false;
  for (std::size_t row = 0; row < of.size(); ++row) {
    const auto [at, is_new] = identities_.emplace(of.path(row));
    if (is_new) continue;
    const std::string twice = *at;
    while (row-- > 0) identities_.erase(std::string(of.path(row)));
    fail(status::ALREADY_EXISTS, "this file is given twice", twice);
  }
}

std::shared_ptr<const table_files> described_files::finish() {
  end_batch();
  auto files = std::make_shared<table_files>(*table_.metadata());
  files->batches = std::exchange(batches_, {});
  identities_.clear();
  return files;
}

}  // namespace evodb
