#include "parquet/portable_columns.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "base/error.h"
#include "parquet/arrow_schema.h"
#include "parquet/portable_names.h"
#include "parquet/unfit_columns.h"

namespace evodb {
namespace {

std::string without_case(std::string name) {
  for (char &c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

/// What cannot be read of a leaf's pages; empty where all can. Codecs and encodings as in parquet.thrift.
std::string_view problem_of(const column_chunk &chunk, const schema_node &leaf) {
  enum codec : std::int32_t { lzo = 3, brotli = 4, lz4_of_hadoop = 5, lz4_raw = 7 };
  enum encoding : int {
    plain,
    group_var_int,
    plain_dictionary,
    rle,
    bit_packed,
    rle_dictionary = 8,
    byte_stream_split
  };
  const auto has = [&](int encoding) { return (chunk.encodings >> encoding & 1) != 0; };
  const bool is_floating = leaf.physical == physical_type::float32 || leaf.physical == physical_type::float64;
  switch (chunk.codec) {
    case lzo:
      return "compressed with LZO, which DuckDB and PyIceberg cannot read: write it with zstd or snappy";
    case brotli:
      return "compressed with brotli, which Iceberg Java cannot read: write it with zstd or snappy";
    case lz4_of_hadoop:
      return "compressed with Hadoop's LZ4, which DuckDB cannot read: write it with zstd, snappy or LZ4_RAW";
    default:
      break;
  }
  if (chunk.codec < 0 || chunk.codec > lz4_raw)
    return "compressed as by a later Parquet format: write it with zstd or snappy";
  if (has(byte_stream_split) && !is_floating)
    return "encoded as BYTE_STREAM_SPLIT and no float or double, which DuckDB cannot read: write it in another "
           "encoding";
  const bool is_in_millis =
      leaf.logical.kind == logical_type::kind::timestamp && leaf.logical.unit == time_unit::millis;
  if (is_in_millis && (has(plain_dictionary) || has(rle_dictionary)))
    return "timestamps in milliseconds with a dictionary, which Spark reads as microseconds: write microseconds "
           "(pyarrow, pandas: coerce_timestamps='us', polars: dt.cast_time_unit('us')), or without a dictionary";
  if (leaf.physical == physical_type::boolean && chunk.num_values != 0 && has(rle) && !has(plain))
    return "booleans in runs, which Spark cannot read: write them plain (pyarrow: data_page_version='1.0')";
  if (has(group_var_int) || chunk.encodings >> (byte_stream_split + 1) != 0)
    return "in an encoding of a later Parquet format: write it in another one";
  return {};
}

class checker {
 public:
  checker(const parquet_footer &footer, bool have_field_ids, std::string_view file)
      : footer_(footer), have_field_ids_(have_field_ids), file_(file) {}

  /// `are_top_level`: DuckDB finds those by field id, if they have one, but the fields of structs by name.
  void check(const std::vector<file_column> &columns, bool are_top_level) const {
    std::map<std::string, const file_column *> by_name;
    for (const file_column &column : columns) {
      const std::string_view problem = problem_of_name(column.name, are_top_level);
      if (!problem.empty()) fail_column(problem, column);
      const auto [other, is_first] = by_name.emplace(without_case(column.name), &column);
      if (!is_first && column.name == other->second->name) fail_column("two columns have this name", column);
      if (!is_first && !(are_top_level && have_field_ids_))
        fail_column(fmt::format("DuckDB takes it for {}, which differs by case alone: rename one{}",
                                other->second->full_name, are_top_level ? ", or write the file with field ids" : ""),
                    column);
      check_layout(column);
      if (column.is_leaf()) check_pages(column);
      check(column.children, false);
    }
  }

 private:
  [[noreturn]] void fail_column(std::string_view problem, const file_column &column) const {
    fail(status::UNSUPPORTED, fmt::format("column {} of {}: {}", column.full_name, file_, problem), std::string(file_));
  }

  void check_layout(const file_column &column) const {
    const bool is_list = column.type.is(type_kind::list);
    if (have_field_ids_ || !(is_list || column.type.is(type_kind::map))) return;
    const std::string_view expected = is_list ? "list" : "key_value";
    const std::string &found = column.node->children.front().name;
    if (found == expected) return;
    fail_column(fmt::format("a {} whose repeated field is called {}, which DuckDB finds nothing in: call it {} (Spark: "
                            "spark.sql.parquet.writeLegacyFormat=false), or write the file with field ids",
                            is_list ? "list" : "map", found, expected),
                column);
  }

  void check_pages(const file_column &leaf) const {
    for (const row_group &group : footer_.row_groups) {
      const std::string_view problem = problem_of(group.columns[leaf.first_leaf], *leaf.node);
      if (!problem.empty()) fail_column(problem, leaf);
    }
  }

  const parquet_footer &footer_;
  bool have_field_ids_;
  std::string_view file_;
};

constexpr std::string_view without_arrow_schema =
    "write the file without the Arrow schema (pyarrow, pandas: store_schema=False)";

/// The Arrow schema alone has the unit of a duration or a period: without it numbers of other units would lie in one column.
std::string way_out_of(const std::string &arrow_type) {
  const auto is_a = [&](std::string_view kind) { return arrow_type.starts_with(kind); };
  if (is_a("duration"))
    return "cast it to an integer of a unit that readers are to take it for (pandas: "
           "(c // pd.Timedelta('1us')).astype('Int64'), polars: dt.total_microseconds()), or to seconds (pandas: "
           ".dt.total_seconds())";
  if (is_a("timestamp"))
    return fmt::format("convert it to UTC (pandas: .dt.tz_convert('UTC'), polars: dt.convert_time_zone('UTC')), or {}",
                       without_arrow_schema);
  if (is_a("integer")) return "cast it to an integer of 64 bits, or to a decimal (polars: pl.Int64, pl.Decimal(38, 0))";
  if (is_a("pandas.period"))
    return "cast it to a timestamp (pandas: .dt.to_timestamp()), or to a string (pandas: .astype('string'))";
  if (is_a("decimal") || is_a("list view") || arrow_type == "arrow.json")
    return fmt::format("cast it to another type, or {}", without_arrow_schema);
  return "cast it to a type that is no extension";
}

std::string problem_of(const arrow_column &column, bool have_field_ids) {
  if (!column.unknown_type.empty())
    return fmt::format("Arrow's {} (in the file's ARROW:schema), which PyIceberg cannot read: {}", column.unknown_type,
                       way_out_of(column.unknown_type));
  if (!column.field_id.empty() && !have_field_ids)
    return fmt::format(
        "its field id {} is in the file's ARROW:schema alone, where PyIceberg finds it and others do not: write the "
        "file with ids from 1 or without any, or {}",
        column.field_id, without_arrow_schema);
  return {};
}

void check_arrow_schema(const parquet_footer &footer, bool have_field_ids, std::string_view file) {
  unfit_columns unfit(file);
  for (const arrow_column &column : notable_arrow_columns(footer)) {
    const std::string problem = problem_of(column, have_field_ids);
    if (!problem.empty()) unfit.add({status::UNSUPPORTED, column.full_name, ": " + problem});
  }
  unfit.check();
}

}  // namespace

void check_portable(const parquet_footer &footer, const std::vector<file_column> &columns, bool have_field_ids,
                    std::string_view file) {
  if (columns.empty())
    fail(status::UNSUPPORTED, fmt::format("{} has no columns, which DuckDB cannot read: write it with one", file),
         std::string(file));
  checker(footer, have_field_ids, file).check(columns, true);
  check_arrow_schema(footer, have_field_ids, file);
}

}  // namespace evodb
