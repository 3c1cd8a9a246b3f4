#include "parquet/leaf_type.h"

#include <fmt/format.h>

#include <initializer_list>

#include "base/error.h"

namespace evodb {
namespace {

using kind = enum logical_type::kind;

void expect_physical(const schema_node &node, std::initializer_list<physical_type> allowed) {
  for (const physical_type physical : allowed) {
    if (node.physical == physical) return;
  }
  fail(status::CORRUPT,
       fmt::format("its logical type does not go with physical type {}", static_cast<int>(*node.physical)));
}

void expect_fixed(const schema_node &node, std::int32_t length) {
  expect_physical(node, {physical_type::fixed_len_byte_array});
  if (node.type_length != length)
    fail(status::CORRUPT, fmt::format("its logical type takes {} bytes, not {}", length, node.type_length));
}

type decimal_type(const schema_node &node) {
  const auto [precision, scale] = std::pair(node.logical.precision, node.logical.scale);
  if (precision < 1 || scale < 0 || scale > precision)
    fail(status::CORRUPT, fmt::format("decimal({}, {}) is no decimal", precision, scale));
  if (precision > type::max_precision)
    fail(status::UNSUPPORTED,
         fmt::format("decimals of {} digits, where Iceberg's have at most {}: cast it to fewer digits or to a string",
                     precision, type::max_precision));
  if (node.physical == physical_type::byte_array)
    fail(status::UNSUPPORTED,
         "decimals of variable length, which Spark cannot read: write them as integers or in a fixed length");
  expect_physical(node, {physical_type::int32, physical_type::int64, physical_type::fixed_len_byte_array});
  return type::decimal(precision, scale);
}

type time_type(const schema_node &node) {
  constexpr std::string_view way_out =
      "write microseconds (pyarrow, and polars by to_arrow(): cast it to time64('us')), or a string (polars: "
      "cast(pl.String))";
  if (node.logical.unit == time_unit::nanos)
    fail(status::UNSUPPORTED, fmt::format("times of day in nanoseconds, which Iceberg does not have: {}", way_out));
  if (node.logical.unit == time_unit::millis)
    fail(status::UNSUPPORTED, fmt::format("times of day in milliseconds, which PyIceberg cannot read: {}", way_out));
  expect_physical(node, {physical_type::int64});
  return type_kind::time;
}

type timestamp_type(const schema_node &node) {
  expect_physical(node, {physical_type::int64});
  const bool utc = node.logical.is_adjusted_to_utc;
  if (node.logical.unit == time_unit::nanos) return utc ? type_kind::timestamptz_ns : type_kind::timestamp_ns;
  return utc ? type_kind::timestamptz : type_kind::timestamp;
}

type integer_type(const schema_node &node) {
  const std::int32_t width = node.logical.bit_width;
  if (width != 8 && width != 16 && width != 32 && width != 64)
    fail(status::CORRUPT, fmt::format("an integer of {} bits", width));
  expect_physical(node, {width == 64 ? physical_type::int64 : physical_type::int32});
  if (!node.logical.is_signed)
    fail(status::UNSUPPORTED,
         width == 64 ? "unsigned integers of 64 bits, which Iceberg does not have: cast it to decimal(20, 0), or to a "
                       "signed integer"
                     : fmt::format("unsigned integers of {} bits, which Spark cannot read: cast it to a signed integer "
                                   "of {} bits",
                                   width, width == 32 ? 64 : 32));
  return width == 64 ? type_kind::int64 : type_kind::int32;
}

type physical_leaf_type(const schema_node &node) {
  switch (*node.physical) {
    case physical_type::boolean:
      return type_kind::boolean;
    case physical_type::int32:
      return type_kind::int32;
    case physical_type::int64:
      return type_kind::int64;
    case physical_type::int96:
      return type_kind::timestamptz;
    case physical_type::float32:
      return type_kind::float32;
    case physical_type::float64:
      return type_kind::float64;
    case physical_type::byte_array:
      return type_kind::binary;
    case physical_type::fixed_len_byte_array:
      return type::fixed(node.type_length);
  }
  return type_kind::unknown;
}

}  // namespace

type leaf_type(const schema_node &node) {
  switch (node.logical.kind) {
    case kind::none:
      return physical_leaf_type(node);
    case kind::null:
      fail(status::UNSUPPORTED,
           "a column of Parquet's null type, which Iceberg Java cannot read: give it a type (a column of nothing but "
           "null in pandas or polars has none), or leave it out");
    case kind::string:
    case kind::enumeration:
    case kind::json:
      expect_physical(node, {physical_type::byte_array});
      return type_kind::string;
    case kind::bson:
      fail(status::UNSUPPORTED, "BSON, which DuckDB cannot read: write it as plain binary");
    case kind::decimal:
      return decimal_type(node);
    case kind::date:
      expect_physical(node, {physical_type::int32});
      return type_kind::date;
    case kind::time:
      return time_type(node);
    case kind::timestamp:
      return timestamp_type(node);
    case kind::integer:
      return integer_type(node);
    case kind::uuid:
      expect_fixed(node, 16);
      return type_kind::uuid;
    case kind::interval:
      fail(status::UNSUPPORTED,
           "intervals, which Iceberg does not have: cast it to a string, or to an integer of a unit that readers are "
           "to take it for");
    case kind::geometry:
      expect_physical(node, {physical_type::byte_array});
      return type::geometry(node.logical.crs);
    case kind::geography:
      expect_physical(node, {physical_type::byte_array});
      return type::geography(node.logical.crs, node.logical.edge_algorithm);
    case kind::float16:
      fail(status::UNSUPPORTED, "floating point numbers of 16 bits, which Iceberg does not have: cast it to a float");
    case kind::unrecognised:
      fail(status::UNSUPPORTED, "a logical type of a later Parquet format");
    case kind::map:
    case kind::map_key_value:
    case kind::list:
    case kind::variant:
      break;
  }
  fail(status::CORRUPT, "a list, map or variant that is no group");
}

}  // namespace evodb
