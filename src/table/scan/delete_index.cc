#include "table/scan/delete_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.h"
#include "model/partition_key.h"
#include "model/position_delete_columns.h"

namespace evodb {
namespace {

/// In a Parquet, Avro or ORC file of position deletes, the path that all of them are of.
std::optional<std::string_view> only_path_of(const delete_file &file, std::optional<std::string_view> least,
                                             std::optional<std::string_view> greatest) {
  if (const auto referenced = file.referenced_data_file()) return referenced;
  return least && least == greatest ? least : std::nullopt;
}

template <typename Deletes>
void sort_by_sequence_number(std::vector<Deletes> &all) {
  std::stable_sort(all.begin(), all.end(),
                   [](const Deletes &a, const Deletes &b) { return a.sequence_number < b.sequence_number; });
}

/// The first whose sequence number is not below that one, and the first whose is above it.
template <typename Deletes>
auto first_not_older(const std::vector<Deletes> &sorted, std::int64_t than) {
  return std::lower_bound(sorted.begin(), sorted.end(), than,
                          [](const Deletes &d, std::int64_t number) { return d.sequence_number < number; });
}
template <typename Deletes>
auto first_newer(const std::vector<Deletes> &sorted, std::int64_t than) {
  return std::upper_bound(sorted.begin(), sorted.end(), than,
                          [](std::int64_t number, const Deletes &d) { return number < d.sequence_number; });
}

}  // namespace

std::optional<std::string_view> delete_file::referenced_data_file() const noexcept {
  const std::vector<evodb::span> &all = columns().referenced_data_files;
  if (all.empty() || all[row].is_null()) return std::nullopt;
  return columns().text(all[row]);
}

std::optional<std::int64_t> delete_file::content_offset() const noexcept {
  const std::vector<std::int64_t> &all = columns().content_offsets;
  return all.empty() || all[row] == data_files::no_value ? std::nullopt : std::optional(all[row]);
}

std::optional<std::int64_t> delete_file::content_size() const noexcept {
  const std::vector<std::int64_t> &all = columns().content_sizes;
  return all.empty() || all[row] == data_files::no_value ? std::nullopt : std::optional(all[row]);
}

std::span<const std::int32_t> delete_file::equality_ids() const noexcept {
  const auto &[offsets, values] = columns().equality_ids;
  if (offsets.size() <= row + 1) return {};
  return std::span(values).subspan(offsets[row], offsets[row + 1] - offsets[row]);
}

/// What is looked up of one data file, each column once.
class delete_index::data_row {
 public:
  data_row(const delete_index &of, const inherited_entries &entries, std::size_t row)
      : of_(of), files_(entries->files), row_(row), sequence_number_(entries.sequence_number(row)) {}

  std::string_view path() const noexcept { return files_.path(row_); }
  std::int64_t sequence_number() const noexcept { return sequence_number_; }
  const column_extent &extent(std::uint32_t place) {
    extents_.resize(of_.compared_.size());
    std::optional<column_extent> &known = extents_[place];
    if (!known) {
      const auto found = of_.column_types_.find(of_.compared_[place]);
      known = found == of_.column_types_.end() ? column_extent{} : extent_of(files_, row_, found->first, found->second);
    }
    return *known;
  }

 private:
  const delete_index &of_;
  const data_files &files_;
  const std::size_t row_;
  const std::int64_t sequence_number_;
  std::vector<std::optional<column_extent>> extents_;
};

delete_index::delete_index(std::vector<source> from, const std::map<std::int32_t, type> &column_types)
    : sources_(std::move(from)), column_types_(column_types) {
  for (const source &one : sources_) {
    for (const std::uint32_t row : one.rows) add(one, row);
    size_ += static_cast<std::int64_t>(one.rows.size());
  }
  const auto sort = [](group &one) {
    sort_by_sequence_number(one.positions);
    sort_by_sequence_number(one.equalities);
  };
  sort(global_);
  for (auto &[path, all] : by_path_) sort_by_sequence_number(all);
  for (auto &[spec, deletes] : by_spec_) {
    sort(deletes.anywhere);
    for (auto &[partition, all] : deletes.by_partition) sort(all);
  }
}

void delete_index::add(const source &from, std::uint32_t row) {
  const delete_file file{&from.entries, row};
  if (file.is_vector()) return add_vector(file);
  const bool is_of_equality = file.content() == file_content::equality_deletes;
  if (is_of_equality && from.is_global) return add_equalities(file, global_);
  spec_deletes &of_spec = by_spec_[file.spec_id()];
  std::string key;
  const bool is_known = partition_key(file.columns(), row, key);
  group &of_partition = is_known ? of_spec.by_partition[key] : of_spec.anywhere;
  if (!is_of_equality) return add_positions(file, of_partition);
  if (!is_known) {
    fail(status::UNSUPPORTED, "the partition of this file of equality deletes is not known, and so not what it deletes",
         std::string(file.path()));
  }
  of_spec.has_equalities = true;
  add_equalities(file, of_partition);
}

void delete_index::add_vector(const delete_file &file) {
  const auto referenced = file.referenced_data_file();
  if (!referenced || !file.content_offset() || !file.content_size()) {
    fail(status::CORRUPT,
         fmt::format("a deletion vector without {}",
                     referenced ? "its offset and size in the file" : "the data file that it is of"),
         std::string(file.path()));
  }
  const auto [first, is_new] = vectors_.emplace(*referenced, file);
  if (is_new) return;
  const auto place = [](const delete_file &vector) {
    return fmt::format("{} at {}", vector.path(), *vector.content_offset());
  };
  fail(status::CORRUPT,
       fmt::format("the snapshot has two deletion vectors of this data file: {} and {}", place(first->second),
                   place(file)),
       std::string(*referenced));
}

void delete_index::add_positions(const delete_file &file, group &of_partition) {
  position_deletes added{file, file.sequence_number(), std::nullopt, std::nullopt};
  const data_files &files = file.columns();
  const metrics_column *paths = files.find_metrics(delete_file_path_id);
  if (paths != nullptr) {
    added.least_path = paths->lower_bounds.at(file.row, files.arena);
    added.greatest_path = paths->upper_bounds.at(file.row, files.arena);
  }
  const auto only_path = only_path_of(file, added.least_path, added.greatest_path);
  (only_path ? by_path_[*only_path] : of_partition.positions).push_back(added);
}

void delete_index::add_equalities(const delete_file &file, group &of_partition) {
  if (file.equality_ids().empty()) {
    fail(status::CORRUPT, "a file of equality deletes does not say which columns it compares",
         std::string(file.path()));
  }
  equality_deletes added{file, file.sequence_number(), {}};
  for (const std::int32_t id : file.equality_ids()) {
    const auto known = column_types_.find(id);
    if (known == column_types_.end()) continue;
    added.columns.emplace_back(place_of(id), extent_of(file.columns(), file.row, id, known->second));
  }
  of_partition.equalities.push_back(std::move(added));
}

std::uint32_t delete_index::place_of(std::int32_t field_id) {
  const auto [place, is_new] = places_.emplace(field_id, static_cast<std::uint32_t>(compared_.size()));
  if (is_new) compared_.push_back(field_id);
  return place->second;
}

void delete_index::find(const inherited_entries &data, std::size_t row, std::vector<delete_file> &into) const {
  data_row of(*this, data, row);
  const bool has_vector = find_vector(of, into);
  if (!has_vector) find_by_path(of, into);
  if (const auto of_spec = by_spec_.find(data->files.spec_id); of_spec != by_spec_.end()) {
    std::string key;
    const bool is_known = partition_key(data->files, row, key);
    find_in_partition(of_spec->second, is_known ? &key : nullptr, has_vector, of, into);
  }
  find_equalities(global_, of, into);
}

bool delete_index::find_vector(const data_row &data, std::vector<delete_file> &into) const {
  const auto found = vectors_.find(data.path());
  if (found == vectors_.end() || found->second.sequence_number() < data.sequence_number()) return false;
  into.push_back(found->second);
  return true;
}

void delete_index::find_by_path(const data_row &data, std::vector<delete_file> &into) const {
  const auto found = by_path_.find(data.path());
  if (found == by_path_.end()) return;
  const auto first = first_not_older(found->second, data.sequence_number());
  std::transform(first, found->second.end(), std::back_inserter(into), [](const auto &one) { return one.file; });
}

void delete_index::find_in_partition(const spec_deletes &deletes, const std::string *partition, bool has_vector,
                                     data_row &data, std::vector<delete_file> &into) const {
  if (partition == nullptr && deletes.has_equalities) {
    fail(status::UNSUPPORTED, "the partition of this data file is not known, and so not which equality deletes apply",
         std::string(data.path()));
  }
  const auto find_in = [&](const group &one) {
    if (!has_vector) find_positions(one, data, into);
    find_equalities(one, data, into);
  };
  if (partition == nullptr) {
    for (const auto &[key, one] : deletes.by_partition) find_in(one);
  } else if (const auto found = deletes.by_partition.find(*partition); found != deletes.by_partition.end()) {
    find_in(found->second);
  }
  find_in(deletes.anywhere);
}

void delete_index::find_positions(const group &among, const data_row &data, std::vector<delete_file> &into) const {
  const std::string_view path = data.path();
  for (auto one = first_not_older(among.positions, data.sequence_number()); one != among.positions.end(); ++one) {
    if (one->least_path && path < *one->least_path) continue;
    if (one->greatest_path && *one->greatest_path < path) continue;
    into.push_back(one->file);
  }
}

void delete_index::find_equalities(const group &among, data_row &data, std::vector<delete_file> &into) const {
  for (auto one = first_newer(among.equalities, data.sequence_number()); one != among.equalities.end(); ++one) {
    const bool may_delete = std::all_of(one->columns.begin(), one->columns.end(), [&](const auto &column) {
      return may_have_equal(column.second, data.extent(column.first));
    });
    if (may_delete) into.push_back(one->file);
  }
}

}  // namespace evodb
