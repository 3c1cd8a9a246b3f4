#include "parquet/arrow_schema.h"
#include "base/little_endian.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace evodb {
namespace {

struct malformed {};

bytes from_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  bytes decoded;
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text.substr(0, text.find('='))) {
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) throw malformed{};
    group = (group << 6 | static_cast<std::uint32_t>(digit)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    decoded += static_cast<char>(group >> bits & 0xff);
  }
  return decoded;
}

/// A table of a FlatBuffer: its fields are found through a table of offsets. Every offset is checked.
class flat_table {
 public:
  static flat_table root(byte_view buffer) { return {buffer, follow(buffer, 0)}; }

  template <typename T>
  T scalar(int field, T otherwise) const {
    const std::optional<std::size_t> at = find(field);
    return at ? read<T>(buffer_, *at) : otherwise;
  }

  std::optional<flat_table> table(int field) const {
    const std::optional<std::size_t> at = find(field);
    if (!at) return std::nullopt;
    return flat_table(buffer_, follow(buffer_, *at));
  }

  std::string text(int field) const {
    const std::optional<std::size_t> at = find(field);
    if (!at) return {};
    const std::size_t length_at = follow(buffer_, *at), begin = length_at + sizeof(std::uint32_t);
    const std::size_t length = read<std::uint32_t>(buffer_, length_at);
    if (length > buffer_.size() - begin) throw malformed{};
    return std::string(buffer_.substr(begin, length));
  }

  std::vector<flat_table> tables(int field) const {
    const std::optional<std::size_t> at = find(field);
    if (!at) return {};
    const std::size_t count_at = follow(buffer_, *at), begin = count_at + sizeof(std::uint32_t);
    const std::size_t count = read<std::uint32_t>(buffer_, count_at);
    if (count > (buffer_.size() - begin) / sizeof(std::uint32_t)) throw malformed{};
    std::vector<flat_table> found;
    for (std::size_t i = 0; i < count; ++i)
      found.push_back({buffer_, follow(buffer_, begin + i * sizeof(std::uint32_t))});
    return found;
  }

 private:
  flat_table(byte_view buffer, std::size_t at) : buffer_(buffer), at_(at) {
    const std::int64_t offsets_at = static_cast<std::int64_t>(at) - read<std::int32_t>(buffer, at);
    if (offsets_at < 0) throw malformed{};
    offsets_at_ = static_cast<std::size_t>(offsets_at);
    offsets_size_ = read<std::uint16_t>(buffer, offsets_at_);
  }

  template <typename T>
  static T read(byte_view buffer, std::size_t at) {
    if (at > buffer.size() || buffer.size() - at < sizeof(T)) throw malformed{};
    return load_le<T>(buffer.data() + at);
  }

  static std::size_t follow(byte_view buffer, std::size_t at) { return at + read<std::uint32_t>(buffer, at); }

  std::optional<std::size_t> find(int field) const {
    constexpr std::size_t header = 2 * sizeof(std::uint16_t);
    const std::size_t slot = header + static_cast<std::size_t>(field) * sizeof(std::uint16_t);
    if (slot + sizeof(std::uint16_t) > offsets_size_) return std::nullopt;
    const std::uint16_t offset = read<std::uint16_t>(buffer_, offsets_at_ + slot);
    return offset == 0 ? std::nullopt : std::optional(at_ + offset);
  }

  byte_view buffer_;
  std::size_t at_, offsets_at_ = 0, offsets_size_ = 0;
};

// Fields of Arrow's Message.fbs and Schema.fbs, by their position, and values of its enumerations.
constexpr int message_header_type = 1, message_header = 2, schema_fields = 1, field_name = 0, field_type_type = 2,
              field_type = 3, field_children = 5, field_custom_metadata = 6, key_value_key = 0, key_value_value = 1,
              integer_bit_width = 0, decimal_bit_width = 2, timestamp_timezone = 1;
constexpr std::uint8_t schema_header = 1, arrow_integer = 2, arrow_decimal = 7, arrow_timestamp = 10,
                       arrow_duration = 18, list_view_type = 25, large_list_view_type = 26;

/// PyArrow leaves extension types that it does not have to their storage; those of pandas it has where pandas is.
bool is_unknown_extension(const std::string &name) {
  return (name.starts_with("arrow.") && name != "arrow.uuid") || name.starts_with("pandas.");
}

/// What PyIceberg cannot read; empty where it can.
std::string unknown_type_of(const flat_table &field) {
  const std::optional<flat_table> type = field.table(field_type);
  switch (field.scalar<std::uint8_t>(field_type_type, 0)) {
    case arrow_integer: {
      constexpr std::int32_t most_bits = 64;
      const std::int32_t bits = type ? type->scalar<std::int32_t>(integer_bit_width, 0) : 0;
      return bits <= most_bits ? "" : fmt::format("integer of {} bits", bits);
    }
    case arrow_duration:
      return "duration";
    case list_view_type:
    case large_list_view_type:
      return "list view";
    case arrow_decimal: {
      constexpr std::int32_t usual_bits = 128;
      const std::int32_t bits = type ? type->scalar<std::int32_t>(decimal_bit_width, usual_bits) : usual_bits;
      return bits == usual_bits ? "" : fmt::format("decimal of {} bits", bits);
    }
    case arrow_timestamp: {
      const std::string zone = type ? type->text(timestamp_timezone) : "";
      const bool is_known = zone.empty() || zone == "UTC" || zone == "Etc/UTC" || zone == "Z" || zone == "+00:00";
      return is_known ? "" : "timestamp with zone " + zone;
    }
    default:
      return "";
  }
}

class collector {
 public:
  /// Tables may share their children, so that few bytes could stand for very many columns.
  explicit collector(std::size_t most_columns) : columns_left_(most_columns) {}

  void collect(const std::vector<flat_table> &fields, const std::string &parent, int depth) {
    if (depth > schema_node::max_depth) throw malformed{};
    for (const flat_table &field : fields) {
      if (columns_left_-- == 0) throw malformed{};
      arrow_column column = read(field, parent);
      collect(field.tables(field_children), column.full_name + ".", depth + 1);
      if (!column.unknown_type.empty() || !column.field_id.empty()) found_.push_back(std::move(column));
    }
  }

  std::vector<arrow_column> take() && { return std::move(found_); }

 private:
  static arrow_column read(const flat_table &field, const std::string &parent) {
    arrow_column column{parent + field.text(field_name), unknown_type_of(field), {}};
    for (const flat_table &pair : field.tables(field_custom_metadata)) {
      const std::string key = pair.text(key_value_key);
      if (key == "PARQUET:field_id") column.field_id = pair.text(key_value_value);
      if (key != "ARROW:extension:name") continue;
      std::string name = pair.text(key_value_value);
      if (is_unknown_extension(name)) column.unknown_type = std::move(name);
    }
    return column;
  }

  std::size_t columns_left_;
  std::vector<arrow_column> found_;
};

/// The FlatBuffer of an IPC message: behind its length, and in newer ones a marker before that.
byte_view without_prefix(byte_view message) {
  constexpr std::size_t word = sizeof(std::uint32_t);
  const bool has_marker = message.substr(0, word) == "\xff\xff\xff\xff";
  return message.substr(std::min(message.size(), has_marker ? 2 * word : word));
}

}  // namespace

std::vector<arrow_column> notable_arrow_columns(const parquet_footer &footer) {
  const auto &pairs = footer.key_value_metadata;
  const auto pair = std::find_if(pairs.begin(), pairs.end(), [](const auto &p) { return p.first == "ARROW:schema"; });
  if (pair == pairs.end()) return {};
  try {
    const bytes message = from_base64(pair->second);
    const flat_table root = flat_table::root(without_prefix(message));
    const std::optional<flat_table> schema = root.table(message_header);
    if (!schema || root.scalar<std::uint8_t>(message_header_type, 0) != schema_header) return {};
    collector columns(message.size());
    columns.collect(schema->tables(schema_fields), "", 1);
    return std::move(columns).take();
  } catch (const malformed &) {
    return {};
  }
}

}  // namespace evodb
