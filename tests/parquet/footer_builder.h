#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/little_endian.h"
#include "parquet/footer.h"

namespace evodb::testing {

/// Writes one struct of the Thrift compact protocol, field by field, in any order of ids.
class compact_struct {
 public:
  compact_struct &boolean(int id, bool v) { return header(id, v ? 1 : 2); }
  compact_struct &i8(int id, std::int8_t v) { return header(id, 3).raw(std::string(1, static_cast<char>(v))); }
  compact_struct &i32(int id, std::int32_t v) { return header(id, 5).raw(zigzag(v)); }
  compact_struct &i64(int id, std::int64_t v) { return header(id, 6).raw(zigzag(v)); }
  compact_struct &binary(int id, std::string_view v) { return header(id, 8).raw(varint(v.size()) + std::string(v)); }
  compact_struct &structure(int id, const compact_struct &v) { return header(id, 12).raw(v.encoded()); }
  compact_struct &structures(int id, const std::vector<compact_struct> &v) {
    std::string body = list_header(12, v.size());
    for (const compact_struct &one : v) body += one.encoded();
    return header(id, 9).raw(body);
  }
  compact_struct &strings(int id, const std::vector<std::string> &v) {
    std::string body = list_header(8, v.size());
    for (const std::string &one : v) body += varint(one.size()) + one;
    return header(id, 9).raw(body);
  }
  compact_struct &i64s(int id, const std::vector<std::int64_t> &v) {
    std::string body = list_header(6, v.size());
    for (const std::int64_t one : v) body += zigzag(one);
    return header(id, 9).raw(body);
  }
  /// A field of any type, its value as it is.
  compact_struct &any(int id, unsigned type, std::string_view value) { return header(id, type).raw(value); }

  std::string encoded() const { return out_ + '\0'; }

  static std::string varint(std::uint64_t v) {
    std::string text;
    for (; v >= 0x80; v >>= 7) text += static_cast<char>(v | 0x80);
    return text + static_cast<char>(v);
  }
  static std::string zigzag(std::int64_t v) {
    return varint(static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63));
  }
  static std::string list_header(unsigned type, std::size_t size) {
    if (size < 15) return std::string(1, static_cast<char>(size << 4 | type));
    return static_cast<char>(0xf0 | type) + varint(size);
  }

 private:
  compact_struct &header(int id, unsigned type) {
    const int delta = id - last_;
    if (delta > 0 && delta < 16) {
      out_ += static_cast<char>(delta << 4 | static_cast<int>(type));
    } else {
      out_ += static_cast<char>(type) + zigzag(id);
    }
    last_ = id;
    return *this;
  }
  compact_struct &raw(std::string_view text) {
    out_ += text;
    return *this;
  }
  std::string out_;
  int last_ = 0;
};

inline compact_struct empty() {
  return {};
}
/// A LogicalType of no parameters, by its id in the union.
inline compact_struct logical(int id) {
  return compact_struct().structure(id, empty());
}
constexpr int string_logical = 1, map_logical = 2, list_logical = 3, enum_logical = 4, date_logical = 6,
              null_logical = 11, json_logical = 12, bson_logical = 13, uuid_logical = 14, float16_logical = 15,
              variant_logical = 16, geometry_logical = 17;
inline compact_struct decimal_logical(int precision, int scale) {
  return compact_struct().structure(5, compact_struct().i32(1, scale).i32(2, precision));
}
inline compact_struct integer_logical(int width, bool is_signed) {
  return compact_struct().structure(10, compact_struct().i8(1, static_cast<std::int8_t>(width)).boolean(2, is_signed));
}
/// 7: time, 8: timestamp.
inline compact_struct time_logical(int id, time_unit unit, bool utc) {
  return compact_struct().structure(id,
                                    compact_struct().boolean(1, utc).structure(2, logical(static_cast<int>(unit) + 1)));
}

/// A schema element, with its children behind it.
struct node {
  compact_struct element;
  std::vector<node> children;
  std::string name;
  std::optional<physical_type> physical;
};

struct leaf_options {
  std::optional<int> id = {};
  std::optional<compact_struct> logical = {};
  std::optional<int> converted = {};
  enum repetition repetition = repetition::optional;
  int length = 0;  ///< of a fixed_len_byte_array
};

inline node leaf(std::string name, physical_type physical, const leaf_options &o = {}) {
  compact_struct e;
  e.i32(1, static_cast<int>(physical));
  if (o.length) e.i32(2, o.length);
  e.i32(3, static_cast<int>(o.repetition)).binary(4, name);
  if (o.converted) e.i32(6, *o.converted);
  if (o.id) e.i32(9, *o.id);
  if (o.logical) e.structure(10, *o.logical);
  return {e, {}, std::move(name), physical};
}

inline node group(std::string name, std::vector<node> children, const leaf_options &o = {}) {
  compact_struct e;
  e.i32(3, static_cast<int>(o.repetition)).binary(4, name).i32(5, static_cast<int>(children.size()));
  if (o.converted) e.i32(6, *o.converted);
  if (o.id) e.i32(9, *o.id);
  if (o.logical) e.structure(10, *o.logical);
  return {e, std::move(children), std::move(name), std::nullopt};
}

/// What a chunk says; nothing that is not set.
struct chunk_facts {
  std::optional<bytes> lower = {}, upper = {};
  std::optional<std::int64_t> nulls = 0, nans = {};
  std::optional<bytes> signed_lower = {}, signed_upper = {};
  std::optional<std::int64_t> values = {};  ///< otherwise the rows of its group
  std::int64_t size = 10, data_page_offset = 4;
  std::optional<std::int64_t> dictionary_page_offset = {};
  std::vector<std::int64_t> definition_levels = {};
  bool is_lower_cut = false, is_upper_cut = false;
  int codec = 0;
  std::vector<int> encodings = {};
};

struct group_facts {
  std::int64_t rows = 0;
  std::vector<chunk_facts> chunks;
};

inline compact_struct chunk_struct(const chunk_facts &facts, const std::vector<std::string> &path,
                                   physical_type physical, std::int64_t rows) {
  compact_struct statistics;
  if (facts.signed_upper) statistics.binary(1, *facts.signed_upper);
  if (facts.signed_lower) statistics.binary(2, *facts.signed_lower);
  if (facts.nulls) statistics.i64(3, *facts.nulls);
  if (facts.upper) statistics.binary(5, *facts.upper);
  if (facts.lower) statistics.binary(6, *facts.lower);
  if (facts.is_upper_cut) statistics.boolean(7, false);
  if (facts.is_lower_cut) statistics.boolean(8, false);
  if (facts.nans) statistics.i64(9, *facts.nans);
  std::string encodings = compact_struct::list_header(5, facts.encodings.size());
  for (const int encoding : facts.encodings) encodings += compact_struct::zigzag(encoding);
  compact_struct meta;
  meta.i32(1, static_cast<int>(physical)).any(2, 9, encodings).strings(3, path).i32(4, facts.codec);
  meta.i64(5, facts.values.value_or(rows)).i64(6, facts.size).i64(7, facts.size).i64(9, facts.data_page_offset);
  if (facts.dictionary_page_offset) meta.i64(11, *facts.dictionary_page_offset);
  meta.structure(12, statistics);
  if (!facts.definition_levels.empty()) meta.structure(16, compact_struct().i64s(3, facts.definition_levels));
  return compact_struct().i64(2, 0).structure(3, meta);
}

struct file_facts {
  std::vector<node> columns;
  std::vector<group_facts> groups;
  std::optional<std::int64_t> rows;  ///< otherwise the sum
  bool has_column_orders = true;
};

struct listed_leaf {
  std::vector<std::string> path;
  physical_type physical;
};

inline void list_elements(const node &n, std::vector<std::string> path, std::vector<compact_struct> &elements,
                          std::vector<listed_leaf> &leaves) {
  elements.push_back(n.element);
  if (n.physical) leaves.push_back({path, *n.physical});
  for (const node &child : n.children) {
    path.push_back(child.name);
    list_elements(child, path, elements, leaves);
    path.pop_back();
  }
}

inline bytes build_footer(const file_facts &facts) {
  std::vector<compact_struct> elements;
  std::vector<listed_leaf> leaves;
  list_elements(group("schema", facts.columns), {}, elements, leaves);
  std::vector<compact_struct> groups;
  std::uint64_t rows = 0;
  for (const group_facts &g : facts.groups) {
    std::vector<compact_struct> chunks;
    for (std::size_t i = 0; i < g.chunks.size(); ++i)
      chunks.push_back(chunk_struct(g.chunks[i], leaves.at(i).path, leaves.at(i).physical, g.rows));
    groups.push_back(compact_struct().structures(1, chunks).i64(2, 0).i64(3, g.rows));
    rows += static_cast<std::uint64_t>(g.rows);
  }
  compact_struct footer;
  footer.i32(1, 2)
      .structures(2, elements)
      .i64(3, facts.rows.value_or(static_cast<std::int64_t>(rows)))
      .structures(4, groups)
      .binary(6, "a test");
  if (facts.has_column_orders) footer.structures(7, std::vector<compact_struct>(leaves.size(), logical(1)));
  return footer.encoded();
}

template <typename T>
bytes plain(T v) {
  bytes data;
  append_le(data, v);
  return data;
}

}  // namespace evodb::testing
