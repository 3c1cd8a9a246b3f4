#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "parquet/schema_node.h"

namespace evodb {

// The footer of a Parquet file (parquet-format, parquet.thrift), as plain values.

struct column_statistics {
  std::optional<bytes> min_value, max_value;          ///< PLAIN, ordered as the column order says
  bool is_min_cut = false, is_max_cut = false;        ///< said to be bounds, but no values of the column
  std::optional<bytes> signed_min, signed_max;        ///< the deprecated `min` and `max`
  std::optional<std::int64_t> null_count, nan_count;  ///< not negative
};

struct column_chunk {
  static constexpr int later_encoding = 31;

  std::int32_t codec = 0;       ///< CompressionCodec, as written
  std::uint32_t encodings = 0;  ///< a bit for each Encoding of its pages; later_encoding: for those beyond
  std::int64_t num_values = 0;  ///< nulls included, and one for each empty list
  std::int64_t total_uncompressed_size = 0, total_compressed_size = 0;
  std::int64_t data_page_offset = 0;
  std::optional<std::int64_t> dictionary_page_offset;
  std::vector<std::int64_t> definition_level_histogram;  ///< empty where the writer made none
  column_statistics statistics;

  /// Where its pages begin.
  std::int64_t start() const noexcept;
};

struct row_group {
  std::int64_t num_rows = 0;
  std::vector<column_chunk> columns;  ///< one for each leaf of the schema, in its order
};

/// How min_value and max_value of a leaf are ordered. `undefined`: they say nothing.
enum class column_order : std::uint8_t { undefined, type_defined, ieee754_total };

struct parquet_footer {
  std::int64_t num_rows = 0;  ///< the sum of the row groups'
  std::string created_by;     ///< empty where the writer did not say
  schema_node root;
  std::vector<row_group> row_groups;
  std::vector<column_order> column_orders;  ///< one for each leaf; empty where the writer gave none
  std::vector<std::pair<std::string, std::string>> key_value_metadata;
};

/// A range of the file, in bytes.
struct footer_extent {
  std::int64_t offset = 0;
  std::int64_t length = 0;
};

/// Longer footers are refused: 256 MiB is ten thousand columns in some hundred row groups.
inline constexpr std::int64_t max_footer_length = std::int64_t{256} << 20;
/// What a Parquet file begins and ends with.
inline constexpr byte_view parquet_magic = "PAR1";
/// What a Parquet file ends with behind its footer: the length and the magic.
inline constexpr std::int64_t footer_tail_length = 8;

/// Where the footer lies. `last_bytes` are the file's last ones, at least footer_tail_length of them. `file` names the
/// file in failures: CORRUPT where it is no Parquet file or too short for its footer, UNSUPPORTED where the footer is
/// encrypted.
footer_extent find_footer(byte_view last_bytes, std::int64_t file_size, std::string_view file);

/// Decodes the footer, the bytes of find_footer's extent. Throws CORRUPT naming the file and where in it the footer
/// breaks the format, or contradicts itself: row counts, columns that are not the schema's. Encrypted columns and
/// columns in other files are UNSUPPORTED.
parquet_footer read_footer(byte_view footer, std::string_view file);

/// Appends the footer with what a Parquet file ends with. Offsets in it are those that it has already: a file begins with
/// parquet_magic. Of the schema, no type may be one that read_footer could not name: INVALID_ARGUMENT.
void append_footer(bytes &file, const parquet_footer &footer);

}  // namespace evodb
