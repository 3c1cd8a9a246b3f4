#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/schema.h"
#include "model/transform.h"

namespace evodb {

struct partition_field {
  std::vector<std::int32_t> source_ids;  ///< one, but for version 3's multi-argument transforms
  std::int32_t field_id = 0;             ///< from 1000, unique in the table
  std::string name;
  evodb::transform transform;

  std::int32_t source_id() const noexcept { return source_ids.front(); }
  /// Whether it says of a row what the other one does. The name and the field id may differ.
  bool same_values(const partition_field &other) const {
    return source_ids == other.source_ids && transform == other.transform;
  }
  bool operator==(const partition_field &) const = default;
};

/// How a table's files are partitioned. A spec without fields is unpartitioned.
struct partition_spec {
  static constexpr std::int32_t first_field_id = 1000;

  std::int32_t spec_id = 0;
  std::vector<partition_field> fields;

  bool is_unpartitioned() const noexcept;  ///< no field, or void ones alone
  /// The type of a field's partition value. A source column that the schema no longer has counts as `unknown`, which
  /// prunes nothing; transforms of one result type keep that.
  type result_type(const partition_field &f, const schema &s) const;
  /// Java's partitionToPath: "time_hour_month=2013-07/id_bucket=3", null as "null", names and values URL-encoded as
  /// Java does. Values that are not known are left out. Throws INVALID_ARGUMENT on values of another number or type.
  std::string partition_path(const schema &s, const partition_tuple &values) const;
  bool same_fields(const partition_spec &other) const { return fields == other.fields; }

  bool operator==(const partition_spec &) const = default;
};

/// "month(time_hour), bucket(16, id) AS shard, region": names as Java's PartitionSpec.builderFor gives them. Field ids
/// from 1000. Throws INVALID_ARGUMENT pointing at the character, naming unknown columns, sources that the transform
/// cannot take, and name clashes (with another partition field, or with a column that is not the source of an identity
/// or void). Columns by full name, or in quoted segments: "a.b" is a column whose name has a dot.
partition_spec parse_partition_spec(std::string_view text, const schema &s, std::int32_t spec_id = 0);

/// One field, "bucket(16, id)" or "bucket(16, id) AS shard", without a field id; without AS its name is empty. Throws
/// INVALID_ARGUMENT as above where it does not parse or its column is unknown; for all else see check_partition_spec.
partition_field parse_partition_field(std::string_view text, const schema &s);

/// The types of all fields' values, in order.
std::vector<type> result_types(const partition_spec &spec, const schema &s);

/// Whether the schema has every column that the fields' values are made from.
bool has_sources(const schema &s, const partition_spec &spec);

/// Checks a spec against a schema as a writer must: known transforms, sources that exist, are primitive and outside
/// lists and maps, no name clash. Throws INVALID_ARGUMENT naming the field.
/// `earlier`: the table's specs. A field that one of them has, perhaps under another name, may have a transform that is
/// not known here, or a source column that was dropped since; under the same name, it may have that of a column.
void check_partition_spec(const partition_spec &spec, const schema &s, const std::vector<partition_spec> &earlier = {});

/// The default name of a field: NAME, NAME_year, NAME_bucket, NAME_trunc, NAME_null …
std::string default_partition_name(const transform &t, std::string_view source_full_name);

}  // namespace evodb
