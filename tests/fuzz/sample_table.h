#pragma once

#include <array>
#include <string>
#include <vector>

#include "model/partition_spec.h"
#include "model/schema.h"

/// A table with a column of every primitive type, which inputs are read for.
namespace evodb::fuzz {

inline std::vector<type> primitive_types() {
  return {type_kind::boolean,        type_kind::int32,     type_kind::int64,       type_kind::float32,
          type_kind::float64,        type::decimal(9, 2),  type::decimal(38, 10),  type_kind::date,
          type_kind::time,           type_kind::timestamp, type_kind::timestamptz, type_kind::timestamp_ns,
          type_kind::timestamptz_ns, type_kind::string,    type_kind::uuid,        type::fixed(4),
          type_kind::binary,         type_kind::unknown,   type::geometry({})};
}

inline field field_of(std::int32_t id, std::string name, type of) {
  field made;
  made.id = id;
  made.name = std::move(name);
  made.type = std::move(of);
  return made;
}

/// Columns a, b, c … of the types above, and a struct `s` with two children.
inline schema sample_schema() {
  std::vector<field> fields;
  std::int32_t id = 0;
  for (const type &t : primitive_types()) {
    fields.push_back(field_of(id + 1, std::string(1, static_cast<char>('a' + id)), t));
    ++id;
  }
  std::vector<field> children;
  children.push_back(field_of(id + 1, "x", type_kind::int64));
  children.push_back(field_of(id + 2, "y z", type_kind::string));
  fields.push_back(field_of(id + 3, "st", type::structure(std::move(children))));
  return schema(0, std::move(fields));
}

/// One field for every transform that a column's type takes.
inline partition_spec sample_spec(const schema &s) {
  partition_spec spec;
  for (const field &column : s.fields()) {
    if (!column.type.is_primitive()) continue;
    for (const char *text : {"identity", "bucket[16]", "truncate[3]", "year", "month", "day", "hour", "void"}) {
      const transform made = transform::parse(text);
      if (!made.can_transform(column.type)) continue;
      partition_field added;
      added.source_ids = {column.id};
      added.field_id = partition_spec::first_field_id + static_cast<std::int32_t>(spec.fields.size());
      added.name = column.name + "_" + std::to_string(added.field_id);
      added.transform = made;
      spec.fields.push_back(std::move(added));
    }
  }
  return spec;
}

}  // namespace evodb::fuzz
