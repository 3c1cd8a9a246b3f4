#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "arrow/import_data_files.h"
#include "model/data_files.h"
#include "model/partition_check.h"
#include "table/change.h"
#include "table/files/file_locations.h"
#include "table/table.h"

namespace evodb {

/// Data files whose facts the caller gives; nothing is read. Each fact is checked by itself, against the schema and
/// against those that came before it, so that a file is refused at the first one that cannot be true. Exclusive.
class described_files {
 public:
  described_files(table of, bool allow_outside);

  /// Where a file of this path is. Throws INVALID_ARGUMENT naming the file, or ALREADY_EXISTS unless it is a Puffin file,
  /// in which several may be.
  std::string locate(std::string_view path, file_format format);
  /// Completes a file's own facts by its partition. `begun`: its path as `locate` gave it; no metrics yet.
  /// `partition_json`: object from partition field name to JSON single value; empty for unpartitioned tables. Throws
  /// INVALID_ARGUMENT naming the file, as the other checks do: counts below 0, a value that the field's transform does
  /// not give, null where the source column is required.
  void begin(data_file &begun, std::string_view partition_json) const;
  /// Makes a file that has no other facts yet one of deletes, as described_deletes has it. `referenced_data_file`: as the
  /// caller wrote it, empty where there is none. Numbers of -1 are none.
  void make_position_deletes(data_file &begun, std::string_view referenced_data_file, std::int64_t content_offset,
                             std::int64_t content_size) const;
  void make_equality_deletes(data_file &begun, std::span<const std::int32_t> field_ids) const;
  /// Checks one column's statistics, which need not be among the file's: no such column, bounds of another type or in
  /// the wrong order, counts that exceed each other, and a contradiction to the file's partition. INCOMPATIBLE_SCHEMA
  /// for nulls of a required column.
  void check(const data_file &of, const column_metrics &metrics) const;
  /// They must ascend from 0 on.
  static void check_split_offsets(const data_file &of);
  /// Adds a file that has passed all of these. Throws INVALID_ARGUMENT where it is a Puffin file, but no deletion vector, or
  /// a data file among delete files or the reverse; ALREADY_EXISTS where there is a vector of its data file.
  void add_checked(const data_file &file);

  /// All at once: the path as the caller wrote it, and no partition. A file that is refused is not added.
  void add(data_file described, std::string_view partition_json);

  /// Files in columns, whose statistics are of `columns` or of position deletes. If one is refused, none is added.
  void add(imported_data_files described);
  std::int64_t count() const noexcept { return static_cast<std::int64_t>(identities_.size()); }
  std::shared_ptr<const table_files> finish();

  const schema &columns() const { return *table_.metadata()->current_schema(); }

 private:
  data_files_builder empty_builder() const;
  const partition_spec &spec() const { return table_.metadata()->default_spec(); }
  static void check_sizes(const data_file &begun);
  /// Under which a file is not given twice. Of a vector: its data file.
  static std::string identity(const data_file &file);
  void check_kind(const data_file &file) const;
  void add_deletes(const data_files &files);
  /// What `begin` leaves.
  void check_facts(const data_file &of) const;
  void locate_all(const std::vector<std::string_view> &paths, data_files &into);
  const table_metadata &metadata() const { return *table_.metadata(); }
  void read_partitions(const std::vector<std::string_view> &texts, data_files &into) const;
  /// All paths or none.
  void add_paths(const data_files &of);
  void check_counts(const data_file &of, const column_metrics &metrics) const;
  /// The counts as far as they are known, and the bounds as values.
  column_facts facts_of(const data_file &of, const column_metrics &metrics, const field &column) const;
  /// Ends the batch being built, if it has files.
  void end_batch();

  table table_;
  file_locations locations_;
  std::vector<type> partition_types_;
  std::vector<std::shared_ptr<const data_files>> batches_;  ///< complete ones
  data_files_builder builder_;
  std::unordered_set<std::string> identities_;
  bool holds_deletes_ = false;  ///< where it holds files
};

}  // namespace evodb
