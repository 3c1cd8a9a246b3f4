#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace evodb {

// The schema of a Parquet file (parquet-format, parquet.thrift), as plain values.

enum class physical_type : std::uint8_t {
  boolean,
  int32,
  int64,
  int96,
  float32,
  float64,
  byte_array,
  fixed_len_byte_array,
};
enum class repetition : std::uint8_t { required, optional, repeated };
enum class time_unit : std::uint8_t { millis, micros, nanos };

/// What a column means. The older converted types are read as the logical types that replaced them.
struct logical_type {
  enum class kind : std::uint8_t {
    none,
    string,
    map,
    list,
    enumeration,
    decimal,
    date,
    time,
    timestamp,
    integer,
    null,
    json,
    bson,
    uuid,
    float16,
    variant,
    geometry,
    geography,
    interval,
    map_key_value,  ///< where older writers marked a map so, and not the repeated group within it
    unrecognised,   ///< of a later format: nothing may be assumed of its values
  };
  enum kind kind = kind::none;
  std::int32_t precision = 0, scale = 0;  ///< decimal; as written, not yet checked
  bool is_adjusted_to_utc = false;        ///< time, timestamp
  time_unit unit = time_unit::micros;     ///< time, timestamp
  std::int32_t bit_width = 0;             ///< integer
  bool is_signed = true;                  ///< integer
  std::string crs;                        ///< geometry, geography; empty: the default
  std::string edge_algorithm;             ///< geography, lower case; empty: the default
};

struct schema_node {
  static constexpr int max_depth = 64;  ///< levels below the root

  std::string name;  ///< well-formed UTF-8
  enum repetition repetition = repetition::required;
  std::optional<physical_type> physical;  ///< none: a group, which has children
  std::int32_t type_length = 0;           ///< bytes of a fixed_len_byte_array, at least 1
  logical_type logical;
  std::optional<std::int32_t> field_id;  ///< as written
  std::vector<schema_node> children;
};

}  // namespace evodb
