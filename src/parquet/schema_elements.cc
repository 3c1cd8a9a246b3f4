#include "parquet/schema_elements.h"

#include <fmt/format.h>

#include <iterator>

#include "base/utf8.h"

namespace evodb {
namespace {

using wire_type = thrift_compact_reader::wire_type;
using kind = enum logical_type::kind;

struct schema_element {
  schema_node node;
  std::int32_t num_children = 0;
};

void read_decimal(thrift_compact_reader &in, wire_type type, logical_type &logical) {
  in.read_struct(type, [&](int id, wire_type field) {
    switch (id) {
      case 1:
        logical.scale = in.read_i32(field);
        break;
      case 2:
        logical.precision = in.read_i32(field);
        break;
      default:
        in.skip(field);
    }
  });
}

void read_time(thrift_compact_reader &in, wire_type type, logical_type &logical) {
  bool has_unit = false;
  in.read_struct(type, [&](int id, wire_type field) {
    switch (id) {
      case 1:
        logical.is_adjusted_to_utc = in.read_bool(field);
        break;
      case 2:
        in.read_struct(field, [&](int unit, wire_type empty) {
          if (unit < 1 || unit > 3) in.fail_here("a time unit that is not known");
          logical.unit = static_cast<time_unit>(unit - 1);
          has_unit = true;
          in.skip(empty);
        });
        break;
      default:
        in.skip(field);
    }
  });
  if (!has_unit) in.fail_here("a time without a unit");
}

void read_integer(thrift_compact_reader &in, wire_type type, logical_type &logical) {
  in.read_struct(type, [&](int id, wire_type field) {
    switch (id) {
      case 1:
        logical.bit_width = in.read_i8(field);
        break;
      case 2:
        logical.is_signed = in.read_bool(field);
        break;
      default:
        in.skip(field);
    }
  });
}

void read_geospatial(thrift_compact_reader &in, wire_type type, logical_type &logical) {
  static constexpr std::string_view algorithms[] = {"spherical", "vincenty", "thomas", "andoyer", "karney"};
  in.read_struct(type, [&](int id, wire_type field) {
    if (id == 1) {
      logical.crs = in.read_binary(field);
      if (!is_utf8(logical.crs)) in.fail_here("a coordinate reference system that is not UTF-8");
    } else if (id == 2) {
      const std::int32_t algorithm = in.read_i32(field);
      if (algorithm < 0 || static_cast<std::size_t>(algorithm) >= std::size(algorithms))
        in.fail_here("an edge interpolation algorithm that is not known");
      logical.edge_algorithm = algorithms[algorithm];
    } else {
      in.skip(field);
    }
  });
}

logical_type read_logical_type(thrift_compact_reader &in, wire_type type) {
  // By the field id in the union; 9 was never used.
  static constexpr kind kinds[] = {kind::none,    kind::string,  kind::map,      kind::list,      kind::enumeration,
                                   kind::decimal, kind::date,    kind::time,     kind::timestamp, kind::unrecognised,
                                   kind::integer, kind::null,    kind::json,     kind::bson,      kind::uuid,
                                   kind::float16, kind::variant, kind::geometry, kind::geography};
  logical_type logical;
  in.read_struct(type, [&](int id, wire_type field) {
    logical.kind = static_cast<std::size_t>(id) < std::size(kinds) && id != 0 ? kinds[id] : kind::unrecognised;
    switch (logical.kind) {
      case kind::decimal:
        return read_decimal(in, field, logical);
      case kind::time:
      case kind::timestamp:
        return read_time(in, field, logical);
      case kind::integer:
        return read_integer(in, field, logical);
      case kind::geometry:
      case kind::geography:
        return read_geospatial(in, field, logical);
      default:
        return in.skip(field);
    }
  });
  return logical;
}

/// parquet-format, LogicalTypes.md: the converted types mean instants, and so times and timestamps adjusted to UTC.
logical_type from_converted_type(std::int32_t converted, std::int32_t precision, std::int32_t scale,
                                 repetition repeats) {
  static constexpr kind kinds[] = {kind::string,    kind::map,     kind::none,    kind::list,    kind::enumeration,
                                   kind::decimal,   kind::date,    kind::time,    kind::time,    kind::timestamp,
                                   kind::timestamp, kind::integer, kind::integer, kind::integer, kind::integer,
                                   kind::integer,   kind::integer, kind::integer, kind::integer, kind::json,
                                   kind::bson,      kind::interval};
  constexpr std::int32_t map_key_value = 2, time_millis = 7, timestamp_millis = 9, uint_8 = 11, int_8 = 15;
  logical_type logical;
  if (converted < 0 || static_cast<std::size_t>(converted) >= std::size(kinds)) {
    logical.kind = kind::unrecognised;
    return logical;
  }
  logical.kind = kinds[converted];
  logical.precision = precision;
  logical.scale = scale;
  logical.is_adjusted_to_utc = true;
  logical.unit = converted == time_millis || converted == timestamp_millis ? time_unit::millis : time_unit::micros;
  if (logical.kind == kind::integer) {
    logical.is_signed = converted >= int_8;
    logical.bit_width = 8 << (converted - (logical.is_signed ? int_8 : uint_8));
  }
  // It belongs on the repeated group within a map, but older writers put it on the map itself.
  if (converted == map_key_value && repeats != repetition::repeated) logical.kind = kind::map_key_value;
  return logical;
}

schema_element read_element(thrift_compact_reader &in, wire_type type) {
  schema_element element;
  schema_node &node = element.node;
  std::optional<std::int32_t> converted, num_children;
  std::optional<logical_type> logical;
  std::int32_t precision = 0, scale = 0;
  bool has_name = false;
  in.read_struct(type, [&](int id, wire_type field) {
    switch (id) {
      case 1: {
        const std::int32_t physical = in.read_i32(field);
        if (physical < 0 || physical > static_cast<std::int32_t>(physical_type::fixed_len_byte_array))
          in.fail_here(fmt::format("physical type {} is not known", physical));
        node.physical = static_cast<physical_type>(physical);
        break;
      }
      case 2:
        node.type_length = in.read_i32(field);
        break;
      case 3: {
        const std::int32_t repeats = in.read_i32(field);
        if (repeats < 0 || repeats > static_cast<std::int32_t>(repetition::repeated))
          in.fail_here(fmt::format("repetition {} is not known", repeats));
        node.repetition = static_cast<repetition>(repeats);
        break;
      }
      case 4:
        node.name = in.read_binary(field);
        if (!is_utf8(node.name)) in.fail_here("a column's name is not UTF-8");
        has_name = true;
        break;
      case 5:
        num_children = in.read_i32(field);
        break;
      case 6:
        converted = in.read_i32(field);
        break;
      case 7:
        scale = in.read_i32(field);
        break;
      case 8:
        precision = in.read_i32(field);
        break;
      case 9:
        node.field_id = in.read_i32(field);
        break;
      case 10:
        logical = read_logical_type(in, field);
        break;
      default:
        in.skip(field);
    }
  });
  if (!has_name) in.fail_here("a column's name is missing");
  if (node.physical && num_children.value_or(0) != 0) in.fail_here("a column that is a value and a group");
  if (num_children.value_or(0) < 0) in.fail_here("a negative number of children");
  if (node.physical == physical_type::fixed_len_byte_array && node.type_length < 1)
    in.fail_here("a fixed_len_byte_array without a length");
  element.num_children = num_children.value_or(0);
  if (converted) node.logical = from_converted_type(*converted, precision, scale, node.repetition);
  // The logical type is the more exact one, unless it is later than this reader. Parquet Java writes UNKNOWN for the
  // converted types that no logical type replaced: INTERVAL.
  const bool says_nothing = logical && (logical->kind == kind::unrecognised || logical->kind == kind::null);
  if (logical && !(says_nothing && converted)) node.logical = *std::move(logical);
  return element;
}

schema_node take_tree(thrift_compact_reader &in, std::vector<schema_element> &elements, std::size_t &next, int depth) {
  if (depth > schema_node::max_depth) in.fail_here("the schema is nested too deeply");
  if (next == elements.size()) in.fail_here("the schema ends within a group");
  schema_element &element = elements[next++];
  schema_node node = std::move(element.node);
  if (!node.physical && element.num_children == 0 && depth > 0) in.fail_here("a group without columns");
  for (std::int32_t i = 0; i < element.num_children; ++i)
    node.children.push_back(take_tree(in, elements, next, depth + 1));
  return node;
}

}  // namespace

schema_node read_schema_elements(thrift_compact_reader &in, wire_type type) {
  std::vector<schema_element> elements;
  in.read_list(type, [&](wire_type element) { elements.push_back(read_element(in, element)); });
  std::size_t next = 0;
  schema_node root = take_tree(in, elements, next, 0);
  if (next != elements.size()) in.fail_here("the schema has columns outside its root");
  if (root.physical) in.fail_here("the schema is no group of columns");
  return root;
}

}  // namespace evodb
