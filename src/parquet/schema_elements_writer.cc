#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "parquet/schema_elements.h"

namespace evodb {
namespace {

using logical_kind = enum logical_type::kind;

/// What the format calls a logical type: the field of its union, and the converted type that older readers take for it.
struct logical_code {
  int field_id = 0;  ///< 0: there is none
  std::optional<std::int32_t> converted;
};

logical_code code_of(const logical_type &t) {
  constexpr std::int32_t time_millis = 7, time_micros = 8, timestamp_millis = 9, timestamp_micros = 10;
  // Times and timestamps of converted types are instants.
  const auto of_time = [&](int id, std::int32_t millis, std::int32_t micros) -> logical_code {
    if (!t.is_adjusted_to_utc || t.unit == time_unit::nanos) return {id, std::nullopt};
    return {id, t.unit == time_unit::millis ? millis : micros};
  };
  switch (t.kind) {
    case logical_kind::none:
      return {};
    case logical_kind::string:
      return {1, 0};
    case logical_kind::map:
      return {2, 1};
    case logical_kind::list:
      return {3, 3};
    case logical_kind::enumeration:
      return {4, 4};
    case logical_kind::decimal:
      return {5, 5};
    case logical_kind::date:
      return {6, 6};
    case logical_kind::time:
      return of_time(7, time_millis, time_micros);
    case logical_kind::timestamp:
      return of_time(8, timestamp_millis, timestamp_micros);
    case logical_kind::integer: {
      const std::int32_t of_8_bits = t.is_signed ? 15 : 11;
      const int widths[] = {8, 16, 32, 64};
      const auto *const at = std::find(std::begin(widths), std::end(widths), t.bit_width);
      if (at == std::end(widths)) break;
      return {10, of_8_bits + static_cast<std::int32_t>(at - widths)};
    }
    case logical_kind::null:
      return {11, std::nullopt};
    case logical_kind::json:
      return {12, 19};
    case logical_kind::bson:
      return {13, 20};
    case logical_kind::uuid:
      return {14, std::nullopt};
    case logical_kind::float16:
      return {15, std::nullopt};
    case logical_kind::variant:
      return {16, std::nullopt};
    case logical_kind::interval:
      return {0, 21};
    case logical_kind::map_key_value:
      return {0, 2};
    case logical_kind::geometry:
    case logical_kind::geography:
    case logical_kind::unrecognised:
      break;
  }
  fail(status::INVALID_ARGUMENT, "a Parquet column of a type that cannot be written");
}

void write_logical_type(thrift_compact_writer &out, int field_id, const logical_type &t) {
  const auto write_time = [&] {
    out.boolean(1, t.is_adjusted_to_utc);
    out.structure(2, [&] { out.structure(static_cast<int>(t.unit) + 1, [] {}); });
  };
  out.structure(field_id, [&] {
    out.structure(code_of(t).field_id, [&] {
      if (t.kind == logical_kind::decimal) {
        out.i32(1, t.scale);
        out.i32(2, t.precision);
      } else if (t.kind == logical_kind::time || t.kind == logical_kind::timestamp) {
        write_time();
      } else if (t.kind == logical_kind::integer) {
        out.i8(1, static_cast<std::int8_t>(t.bit_width));
        out.boolean(2, t.is_signed);
      }
    });
  });
}

void write_element(thrift_compact_writer &out, const schema_node &node, bool is_root) {
  const logical_code code = code_of(node.logical);
  if (node.physical) out.i32(1, static_cast<std::int32_t>(*node.physical));
  if (node.physical == physical_type::fixed_len_byte_array) out.i32(2, node.type_length);
  if (!is_root) out.i32(3, static_cast<std::int32_t>(node.repetition));
  out.binary(4, node.name);
  if (!node.physical) out.i32(5, static_cast<std::int32_t>(node.children.size()));
  if (code.converted) out.i32(6, *code.converted);
  if (node.logical.kind == logical_kind::decimal) {
    out.i32(7, node.logical.scale);
    out.i32(8, node.logical.precision);
  }
  if (node.field_id) out.i32(9, *node.field_id);
  if (code.field_id != 0) write_logical_type(out, 10, node.logical);
}

void list_depth_first(const schema_node &node, std::vector<const schema_node *> &all) {
  all.push_back(&node);
  for (const schema_node &child : node.children) list_depth_first(child, all);
}

}  // namespace

void write_schema_elements(thrift_compact_writer &out, int field_id, const schema_node &root) {
  std::vector<const schema_node *> all;
  list_depth_first(root, all);
  out.list(field_id, thrift_compact_writer::wire_type::structure, all.size(),
           [&](std::size_t i) { out.structure([&] { write_element(out, *all[i], i == 0); }); });
}

}  // namespace evodb
