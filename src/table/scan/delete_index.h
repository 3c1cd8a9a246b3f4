#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/inherited_entries.h"
#include "model/partition_spec.h"
#include "model/type.h"
#include "table/scan/equality_bounds.h"

namespace evodb {

/// A live delete file: a row of one of the manifests that an index was made of, as long as which it lives.
struct delete_file {
  const inherited_entries *entries = nullptr;
  std::uint32_t row = 0;

  const data_files &columns() const noexcept { return (*entries)->files; }
  std::string_view path() const noexcept { return columns().path(row); }
  file_content content() const noexcept { return columns().contents[row]; }
  std::int64_t sequence_number() const noexcept { return entries->sequence_number(row); }
  std::int32_t spec_id() const noexcept { return columns().spec_id; }
  /// Whether it is a deletion vector: a part of a Puffin file.
  bool is_vector() const noexcept {
    return content() == file_content::position_deletes && columns().file_formats[row] == file_format::puffin;
  }
  /// Null where the writer did not say.
  std::optional<std::string_view> referenced_data_file() const noexcept;
  std::optional<std::int64_t> content_offset() const noexcept;
  std::optional<std::int64_t> content_size() const noexcept;
  std::span<const std::int32_t> equality_ids() const noexcept;
};

/// Which delete files apply to a data file (spec, "Scan Planning"):
/// - the deletion vector that references it, unless the data file is newer (has a greater data sequence number); then no
///   position delete file does, since the vector holds their positions;
/// - position delete files that are not older than it: those that reference it, and those of its partition that reference no
///   file and whose bounds of paths include it;
/// - equality delete files that are newer than it, of its partition or of an unpartitioned spec, unless the statistics show
///   that no row of the one equals a row of the other in the columns compared.
/// A reference names one file, so the partition is not asked then, as in Iceberg Java. Immutable; any thread.
class delete_index {
 public:
  /// Rows of one manifest of delete files, read with details and all metrics.
  struct source {
    inherited_entries entries;
    std::vector<std::uint32_t> rows;
    bool is_global = false;  ///< its partition spec is unpartitioned
  };
  /// `column_types`: by field id. Throws CORRUPT naming the file where a delete file lacks what it must have, and both
  /// where two vectors reference one data file; UNSUPPORTED where the partition of equality deletes is not known.
  delete_index(std::vector<source> from, const std::map<std::int32_t, type> &column_types);
  delete_index(const delete_index &) = delete;
  delete_index &operator=(const delete_index &) = delete;

  /// Appends the delete files that apply to row `row` of a manifest of data files, whose statistics of `compared_columns`
  /// should have been read. Throws UNSUPPORTED naming the file where its partition is not known, but decides.
  void find(const inherited_entries &data, std::size_t row, std::vector<delete_file> &into) const;
  /// Field ids of the columns that equality deletes compare.
  const std::vector<std::int32_t> &compared_columns() const noexcept { return compared_; }
  std::int64_t size() const noexcept { return size_; }

 private:
  struct position_deletes {
    delete_file file;
    std::int64_t sequence_number;
    std::optional<std::string_view> least_path, greatest_path;  ///< of the paths in it
  };
  struct equality_deletes {
    delete_file file;
    std::int64_t sequence_number;
    std::vector<std::pair<std::uint32_t, column_extent>> columns;  ///< places in `compared_`
  };
  struct group {
    std::vector<position_deletes> positions;   ///< ascending by sequence number
    std::vector<equality_deletes> equalities;  ///< the same
  };
  struct spec_deletes {
    std::unordered_map<std::string, group> by_partition;
    group anywhere;  ///< of partitions that are not known
    bool has_equalities = false;
  };
  class data_row;

  void add(const source &from, std::uint32_t row);
  void add_vector(const delete_file &file);
  void add_positions(const delete_file &file, group &of_partition);
  void add_equalities(const delete_file &file, group &of_partition);
  bool find_vector(const data_row &data, std::vector<delete_file> &into) const;
  void find_by_path(const data_row &data, std::vector<delete_file> &into) const;
  /// `partition`: its key; null where it is not known.
  void find_in_partition(const spec_deletes &deletes, const std::string *partition, bool has_vector, data_row &data,
                         std::vector<delete_file> &into) const;
  void find_positions(const group &among, const data_row &data, std::vector<delete_file> &into) const;
  void find_equalities(const group &among, data_row &data, std::vector<delete_file> &into) const;
  std::uint32_t place_of(std::int32_t field_id);

  std::vector<source> sources_;
  const std::map<std::int32_t, type> column_types_;
  std::vector<std::int32_t> compared_;
  std::unordered_map<std::int32_t, std::uint32_t> places_;  ///< in `compared_`, by field id
  std::unordered_map<std::string_view, delete_file> vectors_;
  std::unordered_map<std::string_view, std::vector<position_deletes>> by_path_;
  std::unordered_map<std::int32_t, spec_deletes> by_spec_;
  group global_;
  std::int64_t size_ = 0;
};

}  // namespace evodb
