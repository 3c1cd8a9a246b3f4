#include "codec/manifest_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/int128.h"
#include "base/utf8.h"

namespace evodb {
namespace {

using named_id = std::pair<std::string_view, std::int32_t>;

constexpr named_id manifest_names[] = {
    {"status", 0},
    {"snapshot_id", 1},
    {"data_file", 2},
    {"sequence_number", 3},
    {"file_sequence_number", 4},
    {"file_path", 100},
    {"file_format", 101},
    {"partition", 102},
    {"record_count", 103},
    {"file_size_in_bytes", 104},
    {"column_sizes", 108},
    {"value_counts", 109},
    {"null_value_counts", 110},
    {"lower_bounds", 125},
    {"upper_bounds", 128},
    {"key_metadata", 131},
    {"split_offsets", 132},
    {"content", 134},
    {"equality_ids", 135},
    {"nan_value_counts", 137},
    {"sort_order_id", 140},
    {"first_row_id", 142},
    {"referenced_data_file", 143},
    {"content_offset", 144},
    {"content_size_in_bytes", 145},
};

// Lists older than Iceberg 1.4 say "data_files" where later ones say "files".
constexpr named_id manifest_list_names[] = {
    {"manifest_path", 500},        {"manifest_length", 501},
    {"partition_spec_id", 502},    {"added_snapshot_id", 503},
    {"added_files_count", 504},    {"added_data_files_count", 504},
    {"existing_files_count", 505}, {"existing_data_files_count", 505},
    {"deleted_files_count", 506},  {"deleted_data_files_count", 506},
    {"partitions", 507},           {"contains_null", 509},
    {"lower_bound", 510},          {"upper_bound", 511},
    {"added_rows_count", 512},     {"existing_rows_count", 513},
    {"deleted_rows_count", 514},   {"sequence_number", 515},
    {"min_sequence_number", 516},  {"content", 517},
    {"contains_nan", 518},         {"key_metadata", 519},
    {"first_row_id", 520},
};

template <std::size_t N>
std::optional<std::int32_t> find_id(const named_id (&names)[N], std::string_view name) noexcept {
  const auto found =
      std::find_if(std::begin(names), std::end(names), [&](const named_id &n) { return n.first == name; });
  if (found == std::end(names)) return std::nullopt;
  return found->second;
}

/// Builds {"type":"record","name":…,"fields":[…]}.
class record_text {
 public:
  explicit record_text(std::string_view name)
      : text_(fmt::format(R"({{"type":"record","name":"{}","fields":[)", name)) {}

  record_text &required(std::int32_t id, std::string_view name, std::string_view avro_type) {
    begin_field(id, name);
    text_ += fmt::format(R"("type":{}}})", avro_type);
    return *this;
  }

  /// `more` is put into the field's object as it is.
  record_text &optional(std::int32_t id, std::string_view name, std::string_view avro_type,
                        std::string_view more = {}) {
    begin_field(id, name);
    const std::string wrapped = avro_type == R"("null")" ? R"("null")" : fmt::format(R"(["null",{}])", avro_type);
    text_ += fmt::format(R"({}"type":{},"default":null}})", more, wrapped);
    return *this;
  }

  std::string finish() { return text_ + "]}"; }

 private:
  void begin_field(std::int32_t id, std::string_view name) {
    if (text_.back() != '[') text_ += ',';
    text_ += fmt::format(R"({{"name":"{}","field-id":{},)", name, id);
  }
  std::string text_;
};

/// A map of field ids to values: an array of pairs, since Avro's maps have text keys.
std::string map_text(std::int32_t key_id, std::int32_t value_id, std::string_view value_type) {
  const std::string pair = record_text(fmt::format("k{}_v{}", key_id, value_id))
                               .required(key_id, "key", R"("int")")
                               .required(value_id, "value", value_type)
                               .finish();
  return fmt::format(R"({{"type":"array","items":{},"logicalType":"map"}})", pair);
}

std::string list_text(std::int32_t element_id, std::string_view element_type) {
  return fmt::format(R"({{"type":"array","items":{},"element-id":{}}})", element_type, element_id);
}

/// Avro allows a name to be defined once; the second time it is only named.
std::string fixed_text(const std::string &name, int size, std::string_view more, std::set<std::string> &defined) {
  if (!defined.insert(name).second) return fmt::format(R"("{}")", name);
  return fmt::format(R"({{"type":"fixed","name":"{}","size":{}{}}})", name, size, more);
}

std::string partition_type_text(const type &t, std::set<std::string> &defined) {
  constexpr std::string_view timestamp = R"({{"type":"long","logicalType":"timestamp-{}","adjust-to-utc":{}}})";
  switch (t.kind()) {
    case type_kind::boolean:
      return R"("boolean")";
    case type_kind::int32:
      return R"("int")";
    case type_kind::int64:
      return R"("long")";
    case type_kind::float32:
      return R"("float")";
    case type_kind::float64:
      return R"("double")";
    case type_kind::date:
      return R"({"type":"int","logicalType":"date"})";
    case type_kind::time:
      return R"({"type":"long","logicalType":"time-micros"})";
    case type_kind::timestamp:
      return fmt::format(timestamp, "micros", false);
    case type_kind::timestamptz:
      return fmt::format(timestamp, "micros", true);
    case type_kind::timestamp_ns:
      return fmt::format(timestamp, "nanos", false);
    case type_kind::timestamptz_ns:
      return fmt::format(timestamp, "nanos", true);
    case type_kind::string:
      return R"("string")";
    case type_kind::uuid:
      return fixed_text("uuid_fixed", 16, R"(,"logicalType":"uuid")", defined);
    case type_kind::fixed:
      return fixed_text(fmt::format("fixed_{}", t.length()), t.length(), {}, defined);
    case type_kind::decimal:
      return fixed_text(fmt::format("decimal_{}_{}", t.precision(), t.scale()), decimal_bytes(t.precision()),
                        fmt::format(R"(,"logicalType":"decimal","precision":{},"scale":{})", t.precision(), t.scale()),
                        defined);
    case type_kind::binary:
    case type_kind::geometry:  // of a void field
    case type_kind::geography:
      return R"("bytes")";
    case type_kind::unknown:
      return R"("null")";
    default:
      fail(status::INVALID_ARGUMENT, "a partition value cannot be of type " + t.to_text());
  }
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      result += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      result += c;
    }
  }
  return result;
}

std::string partition_text(const partition_spec &spec, const std::vector<type> &types) {
  record_text record("r102");
  std::set<std::string> defined;
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    const partition_field &field = spec.fields[i];
    const std::string name = avro_name(field.name);
    const std::string more =
        name == field.name ? std::string() : fmt::format(R"("iceberg-field-name":"{}",)", escaped(field.name));
    record.optional(field.field_id, name, partition_type_text(types[i], defined), more);
  }
  return record.finish();
}

/// The code point at `at`, which is moved behind it. The text is UTF-8 (names of a checked spec).
char32_t next_code_point(std::string_view text, std::size_t &at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  char32_t code = size == 1 ? first : first & (0xff >> (size + 1));
  for (std::size_t i = 1; i < size && at + i < text.size(); ++i) {
    code = (code << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3f);
  }
  at += size;
  return code;
}

}  // namespace

std::optional<std::int32_t> manifest_field_id(std::string_view name) noexcept {
  return find_id(manifest_names, name);
}

std::optional<std::int32_t> manifest_list_field_id(std::string_view name) noexcept {
  return find_id(manifest_list_names, name);
}

std::string manifest_schema_text(int format_version, const partition_spec &spec,
                                 const std::vector<type> &partition_types) {
  record_text file("r2");
  file.required(134, "content", R"("int")")
      .required(100, "file_path", R"("string")")
      .required(101, "file_format", R"("string")")
      .required(102, "partition", partition_text(spec, partition_types))
      .required(103, "record_count", R"("long")")
      .required(104, "file_size_in_bytes", R"("long")")
      .optional(108, "column_sizes", map_text(117, 118, R"("long")"))
      .optional(109, "value_counts", map_text(119, 120, R"("long")"))
      .optional(110, "null_value_counts", map_text(121, 122, R"("long")"))
      .optional(137, "nan_value_counts", map_text(138, 139, R"("long")"))
      .optional(125, "lower_bounds", map_text(126, 127, R"("bytes")"))
      .optional(128, "upper_bounds", map_text(129, 130, R"("bytes")"))
      .optional(131, "key_metadata", R"("bytes")")
      .optional(132, "split_offsets", list_text(133, R"("long")"))
      .optional(135, "equality_ids", list_text(136, R"("int")"))
      .optional(140, "sort_order_id", R"("int")");
  if (format_version >= 3) file.optional(142, "first_row_id", R"("long")");
  file.optional(143, "referenced_data_file", R"("string")");
  if (format_version >= 3) {
    file.optional(144, "content_offset", R"("long")").optional(145, "content_size_in_bytes", R"("long")");
  }
  return record_text("manifest_entry")
      .required(0, "status", R"("int")")
      .optional(1, "snapshot_id", R"("long")")
      .optional(3, "sequence_number", R"("long")")
      .optional(4, "file_sequence_number", R"("long")")
      .required(2, "data_file", file.finish())
      .finish();
}

std::string manifest_list_schema_text(int format_version) {
  const std::string summary = record_text("r508")
                                  .required(509, "contains_null", R"("boolean")")
                                  .optional(518, "contains_nan", R"("boolean")")
                                  .optional(510, "lower_bound", R"("bytes")")
                                  .optional(511, "upper_bound", R"("bytes")")
                                  .finish();
  record_text row("manifest_file");
  row.required(500, "manifest_path", R"("string")")
      .required(501, "manifest_length", R"("long")")
      .required(502, "partition_spec_id", R"("int")")
      .required(517, "content", R"("int")")
      .required(515, "sequence_number", R"("long")")
      .required(516, "min_sequence_number", R"("long")")
      .required(503, "added_snapshot_id", R"("long")")
      .required(504, "added_files_count", R"("int")")
      .required(505, "existing_files_count", R"("int")")
      .required(506, "deleted_files_count", R"("int")")
      .required(512, "added_rows_count", R"("long")")
      .required(513, "existing_rows_count", R"("long")")
      .required(514, "deleted_rows_count", R"("long")")
      .optional(507, "partitions", list_text(508, summary))
      .optional(519, "key_metadata", R"("bytes")");
  if (format_version >= 3) row.optional(520, "first_row_id", R"("long")");
  return row.finish();
}

int decimal_bytes(int precision) noexcept {
  // The unscaled value's magnitude is below 10^precision and takes a sign bit.
  int needed = 1;
  for (int128 most = power_of_ten(precision) - 1; (most >> (8 * needed - 1)) != 0;) ++needed;
  return needed;
}

std::string avro_name(std::string_view name) {
  std::string result;
  for (std::size_t at = 0; at < name.size();) {
    const bool first = at == 0;
    const char32_t code = next_code_point(name, at);
    const bool letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_';
    const bool digit = code >= '0' && code <= '9';
    if (letter || (digit && !first)) {
      result += static_cast<char>(code);
    } else if (digit) {
      result += '_';
      result += static_cast<char>(code);
    } else if (code < 0x10000) {
      result += fmt::format("_x{:X}", static_cast<std::uint32_t>(code));
    } else {  // Java works on UTF-16
      const auto above = static_cast<std::uint32_t>(code - 0x10000);
      result += fmt::format("_x{:X}_x{:X}", 0xd800 + (above >> 10), 0xdc00 + (above & 0x3ff));
    }
  }
  return result;
}

}  // namespace evodb
