#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "arrow/array_view.h"
#include "model/data_files.h"

namespace evodb {

/// Reads data files from an Arrow struct array, a row a file: file_path, record_count, file_size_in_bytes, file_format,
/// partition, sort_order_id, split_offsets and the maps of statistics, as evodb_data_files_builder_add_arrow lists
/// them. A null in an optional column says nothing about that file; a null statistic is not known. Exclusive.
class data_files_import {
 public:
  /// Borrows both. Throws INVALID_ARGUMENT naming the column: unknown, missing, of another type, or broken.
  data_files_import(const ArrowArray &array, const ArrowSchema &described);

  std::int64_t rows() const noexcept { return rows_; }
  /// Fills `into` but for its partition, reusing its memory. `partition_json` borrows from the array; empty if there is
  /// none. Throws INVALID_ARGUMENT naming the column and the row (0 <= row < rows()).
  void read(std::int64_t row, data_file &into, std::string_view &partition_json);

 private:
  using count_map = map_view<number_view<std::int64_t>>;
  using bound_map = map_view<binary_view>;
  /// The keys of one statistic in the row being read, ascending, and where their values are.
  struct row_keys {
    std::vector<std::pair<std::int32_t, std::int64_t>> keys;
    std::size_t next = 0;
    static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

    std::int64_t first() const noexcept { return next == keys.size() ? none : keys[next].first; }
    /// Where the value of the key is, if that is the first.
    std::optional<std::int64_t> take(std::int64_t key) noexcept {
      return first() == key ? std::optional(keys[next++].second) : std::nullopt;
    }
  };
  template <typename Map>
  static void collect(const std::optional<Map> &map, const char *name, std::int64_t row, std::int64_t i,
                      row_keys &into);

  void index(const imported_array &column);
  void read_metrics(std::int64_t row, std::int64_t i, std::vector<column_metrics> &into);

  std::int64_t rows_;
  array_view root_;
  std::optional<text_view> file_paths_, file_formats_, partitions_;
  std::optional<number_view<std::int64_t>> record_counts_, file_sizes_;
  std::optional<number_view<std::int32_t>> sort_order_ids_;
  std::optional<number_list_view> split_offsets_;
  std::array<std::optional<count_map>, 4> counts_;
  std::array<std::optional<bound_map>, 2> bounds_;
  std::array<row_keys, 4> count_keys_;
  std::array<row_keys, 2> bound_keys_;
};

}  // namespace evodb
