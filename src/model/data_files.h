#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/bound_column.h"
#include "model/span.h"
#include "model/type.h"
#include "model/value.h"

namespace evodb {

enum class file_content : std::uint8_t { data = 0, position_deletes = 1, equality_deletes = 2 };
std::string_view name_of(file_content content) noexcept;               ///< as the enumerator
std::optional<file_content> file_content_from(std::string_view name);  ///< verbatim
enum class file_format : std::uint8_t { parquet, avro, orc, puffin };
std::string_view name_of(file_format format) noexcept;               ///< lower case
std::optional<file_format> file_format_from(std::string_view name);  ///< ignores case

/// A list per row in one flat vector. Row i has values[offsets[i] … offsets[i+1]); no list and an empty one are the
/// same.
template <typename T>
struct list_column {
  std::vector<std::uint32_t> offsets{0};
  std::vector<T> values;
  void push_row() {
    offsets.push_back(static_cast<std::uint32_t>(values.size()));
  }  ///< ends the row whose values were pushed
};

/// One partition field's values. Stored by type: bool, int, date, long, time, timestamps in `integers`; float and
/// double in `doubles` (a float widens exactly); decimal (big-endian), string, uuid, fixed, binary as `spans` into the
/// batch's arena.
struct value_column {
  std::int32_t field_id = 0;
  class type type;
  std::vector<std::uint8_t> valid;    ///< 0: null
  std::vector<std::uint8_t> unknown;  ///< 1: not known; valid is 0 then. Empty when every row is known
  std::vector<std::int64_t> integers;
  std::vector<double> doubles;
  std::vector<span> spans;

  enum class storage : std::uint8_t { integers, doubles, spans, none };
  static storage storage_of(const evodb::type &t) noexcept;
  void push(const value &v, bytes &arena);  ///< throws INVALID_ARGUMENT on a value of another type
  void push_null();
  void push_same_as(std::size_t row);  ///< the value of an earlier row, of which nothing is copied
  value at(std::size_t row, byte_view arena) const;
  bool is_unknown(std::size_t row) const noexcept { return !unknown.empty() && unknown[row] != 0; }
};

/// One column's statistics over all rows. A vector is empty when no row has that statistic (or it was not asked for);
/// otherwise it has a row for each file, with -1 (counts) or no bound where a file has none.
struct metrics_column {
  std::int32_t field_id = 0;
  std::vector<std::int64_t> column_sizes;  ///< bytes
  std::vector<std::int64_t> value_counts, null_value_counts, nan_value_counts;
  bound_column lower_bounds, upper_bounds;
};

/// Files as columns: what a manifest decodes to, what a plan selects from, what an append writes. No allocation a row.
/// Rows share one partition spec, one arena of at most 4 GiB, and hold only those statistics that were asked for.
struct data_files {
  static constexpr std::int64_t no_value = -1;
  static constexpr std::int32_t no_sort_order = std::numeric_limits<std::int32_t>::min();

  std::int32_t spec_id = 0;
  bytes arena;
  std::vector<span> file_paths;
  std::vector<file_content> contents;
  std::vector<file_format> file_formats;
  std::vector<std::int64_t> record_counts;  ///< no_value: not known
  std::vector<std::int64_t> file_sizes;     ///< bytes; no_value: not known
  std::vector<value_column> partitions;     ///< in the order of the spec's fields
  std::vector<metrics_column> metrics;      ///< ascending by field id
  list_column<std::int64_t> split_offsets;
  list_column<std::int32_t> equality_ids;
  std::vector<std::int32_t> sort_order_ids;  ///< no_sort_order: null
  std::vector<span> key_metadata;
  // Version 3, and delete files. Empty when no row has one; otherwise no_value or a null span where a row has none.
  std::vector<std::int64_t> first_row_ids;
  std::vector<span> referenced_data_files;
  std::vector<std::int64_t> content_offsets;
  std::vector<std::int64_t> content_sizes;

  std::size_t size() const noexcept { return file_paths.size(); }
  std::string_view text(span s) const noexcept { return text_of(s, arena); }
  std::string_view path(std::size_t row) const noexcept { return text(file_paths[row]); }
  partition_tuple partition(std::size_t row) const;
  const metrics_column *find_metrics(std::int32_t field_id) const noexcept;
  /// Which are the deletes in Puffin files, one for a data file.
  bool is_deletion_vector(std::size_t row) const noexcept {
    return contents[row] == file_content::position_deletes && file_formats[row] == file_format::puffin;
  }
  /// The data file that a delete file is of alone; empty where it does not say.
  std::string_view referenced_data_file(std::size_t row) const noexcept {
    return referenced_data_files.empty() ? std::string_view() : text(referenced_data_files[row]);
  }

  /// Of all columns.
  std::int64_t size_in_bytes() const noexcept;

  span keep(std::string_view text) { return keep_in(arena, text); }
};

enum class entry_status : std::uint8_t { existing = 0, added = 1, deleted = 2 };

/// A manifest's entries: its files and what became of them. As the manifest has them, where entries may leave numbers to
/// its row of the manifest list, or after inheritance, when none is left so.
struct manifest_entries {
  /// In the place of a number that is left to the manifest list.
  static constexpr std::int64_t inherited = std::numeric_limits<std::int64_t>::min();

  manifest_entries() = default;
  data_files files;
  std::vector<entry_status> statuses;
  // Empty where every entry leaves it to the manifest list.
  std::vector<std::int64_t> snapshot_ids;
  std::vector<std::int64_t> sequence_numbers;  ///< data sequence number
  std::vector<std::int64_t> file_sequence_numbers;
  bool has_existing_without_number = false;  ///< an EXISTING entry leaves its sequence number to the manifest list

  std::size_t size() const noexcept { return statuses.size(); }
  bool is_live(std::size_t row) const noexcept { return statuses[row] != entry_status::deleted; }
  /// Of all columns.
  std::int64_t size_in_bytes() const noexcept;
};

/// One file's row, for callers who give files one at a time. data_files_builder turns rows into columns.
struct column_metrics {
  std::int32_t field_id = 0;
  std::int64_t column_size = -1, value_count = -1, null_value_count = -1, nan_value_count = -1;
  std::optional<bytes> lower_bound, upper_bound;  ///< single-value bytes
};

struct data_file {
  std::string file_path;
  file_content content = file_content::data;
  file_format format = file_format::parquet;
  std::int64_t record_count = 0;
  std::int64_t file_size = 0;
  std::vector<value> partition;  ///< in the order of the spec's fields
  std::vector<column_metrics> metrics;
  std::vector<std::int64_t> split_offsets;
  std::optional<std::int32_t> sort_order_id;
  std::optional<bytes> key_metadata;
  std::optional<std::int64_t> first_row_id;         ///< of data files in version 3
  std::vector<std::int32_t> equality_ids;           ///< of equality deletes alone, which have some
  std::optional<std::string> referenced_data_file;  ///< of position deletes
  std::optional<std::int64_t> content_offset;       ///< of a deletion vector in its file, as content_size
  std::optional<std::int64_t> content_size;         ///< bytes
};

/// One row as it was before it became columns, but for statistics that say nothing. Its partition must be known.
data_file file_at(const data_files &files, std::size_t row);

/// Finds the statistics of columns among those of a batch, ascending by field id. Files mostly bring the same columns in
/// the same order, so the one behind the last found is tried first.
class metrics_cursor {
 public:
  void begin_file() noexcept { next_ = 0; }
  /// Null if there are none. Pointers hold until statistics are added.
  metrics_column *find(std::vector<metrics_column> &among, std::int32_t field_id) noexcept;
  metrics_column &find_or_add(std::vector<metrics_column> &among, std::int32_t field_id);

 private:
  std::size_t next_ = 0;
};

class data_files_builder {
 public:
  data_files_builder(std::int32_t spec_id, std::vector<type> partition_types,
                     std::vector<std::int32_t> partition_field_ids);
  /// Throws INVALID_ARGUMENT naming the file: negative counts, sizes or offsets (-1 in metrics: none), an empty path, a
  /// partition of another arity or type, two metrics of one column, facts that files of its content do not have.
  /// RESOURCE_EXHAUSTED when the batch is full; the builder is of no more use then.
  void add(const data_file &file);
  data_files finish() &&;  ///< gives every used vector its full length

 private:
  data_files files_;
  metrics_cursor metrics_;
};

}  // namespace evodb
