#include "arrow/iceberg_schema.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "arrow/array_view.h"
#include "arrow/give_schema.h"
#include "base/error.h"
#include "base/utf8.h"

namespace evodb {
namespace {

constexpr const char *field_id_key = "PARQUET:field_id", *doc_key = "doc", *extension_key = "ARROW:extension:name",
                     *extension_metadata_key = "ARROW:extension:metadata", *uuid_extension = "arrow.uuid";

/// The pairs of a schema's metadata. The C data interface does not say how long it is, so its lengths are believed.
key_values pairs_of(const ArrowSchema &described, const std::string &column) {
  key_values pairs;
  const char *at = described.metadata;
  if (at == nullptr) return pairs;
  const auto number = [&] {
    std::int32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
    if (value < 0) fail_column(column, "its metadata has a negative length");
    return static_cast<std::size_t>(value);
  };
  const auto text = [&] {
    const std::size_t length = number();
    std::string copy(at, length);
    at += length;
    return copy;
  };
  for (std::size_t left = number(); left > 0; --left) {
    std::string key = text();
    pairs.emplace_back(std::move(key), text());
  }
  return pairs;
}

const std::string *find_pair(const key_values &pairs, std::string_view key) {
  for (const auto &[name, value] : pairs) {
    if (name == key) return &value;
  }
  return nullptr;
}

/// "9,2" or "9,2,128" of "d:9,2,128".
std::optional<std::vector<int>> numbers_of(std::string_view text) {
  std::vector<int> numbers;
  const char *at = text.data(), *const end = at + text.size();
  while (true) {
    int number = 0;
    const auto [next, problem] = std::from_chars(at, end, number);
    if (problem != std::errc()) return std::nullopt;
    numbers.push_back(number);
    if (next == end) return numbers;
    if (*next != ',') return std::nullopt;
    at = next + 1;
  }
}

bool is_utc(std::string_view zone) noexcept {
  return zone == "UTC" || zone == "Etc/UTC" || zone == "Z" || zone == "+00:00";
}

class arrow_schema_import {
 public:
  std::vector<field> fields_of(const ArrowSchema &parent, const std::string &path, int depth) const {
    if (depth > type::max_depth) fail_column(path, fmt::format("nested deeper than {} levels", type::max_depth));
    std::vector<field> fields;
    for (std::int64_t i = 0; i < parent.n_children; ++i) fields.push_back(read(child(parent, i, path), path, depth));
    return fields;
  }

  static void check(const ArrowSchema &described, const std::string &column) {
    if (described.release == nullptr) fail_column(column, "released already");
    if (described.format == nullptr) fail_column(column, "it has no format");
    if (described.n_children < 0 || (described.n_children > 0 && described.children == nullptr))
      fail_column(column, "its children are broken");
  }

 private:
  static const ArrowSchema &child(const ArrowSchema &parent, std::int64_t i, const std::string &path) {
    if (parent.children[i] == nullptr) fail_column(path, fmt::format("child {} is NULL", i));
    return *parent.children[i];
  }

  field read(const ArrowSchema &described, const std::string &parent, int depth) const {
    field made;
    made.name = described.name == nullptr ? "" : described.name;
    const std::string path = parent.empty() ? made.name : parent + "." + made.name;
    if (!is_utf8(made.name)) fail_column(parent, "a name in it is not UTF-8");
    check(described, path);
    made.required = (described.flags & ARROW_FLAG_NULLABLE) == 0;
    const key_values pairs = pairs_of(described, path);
    if (const std::string *doc = find_pair(pairs, doc_key)) made.doc = *doc;
    if (const std::string *id = find_pair(pairs, field_id_key)) made.id = id_in(*id, path);
    made.type = type_of(described, find_pair(pairs, extension_key), path, depth);
    if (made.type.is(type_kind::unknown)) made.required = false;
    return made;
  }

  static std::int32_t id_in(const std::string &text, const std::string &path) {
    const auto numbers = numbers_of(text);
    if (!numbers || numbers->size() != 1 || numbers->front() < 1)
      fail_column(path, fmt::format("its {} is no positive number: '{}'", field_id_key, text));
    return numbers->front();
  }

  type type_of(const ArrowSchema &described, const std::string *extension, const std::string &path, int depth) const {
    if (described.dictionary != nullptr) {
      check(*described.dictionary, path);
      if (described.dictionary->dictionary != nullptr) fail_column(path, "a dictionary of dictionaries");
      return type_of(*described.dictionary, extension, path, depth);
    }
    const std::string_view format = described.format;
    if (extension != nullptr && *extension == uuid_extension && format == "w:16") return type_kind::uuid;
    if (format.starts_with('+')) return nested_type(described, format, path, depth);
    if (described.n_children != 0)
      fail_column(path, fmt::format("it has children, and its type '{}' has none", format));
    for (const auto &[kind, formats] : plain_types) {
      if (format.size() == 1 && std::string_view(formats).find(format) != std::string_view::npos) return kind;
    }
    if (format == "vu") return type_kind::string;
    if (format == "vz") return type_kind::binary;
    if (format == "tdD") return type_kind::date;
    if (format == "tts" || format == "ttm" || format == "ttu") return type_kind::time;
    if (format.starts_with("ts")) return timestamp_type(format, path);
    if (format.starts_with("d:")) return decimal_type(format, path);
    if (format.starts_with("w:")) {
      const auto numbers = numbers_of(format.substr(2));
      if (numbers && numbers->size() == 1 && numbers->front() > 0) return type::fixed(numbers->front());
    }
    fail_type(format, path);
  }

  static constexpr std::pair<type_kind, const char *> plain_types[] = {
      {type_kind::boolean, "b"}, {type_kind::int32, "cCsSi"}, {type_kind::int64, "Il"},  {type_kind::float32, "f"},
      {type_kind::float64, "g"}, {type_kind::string, "uU"},   {type_kind::binary, "zZ"}, {type_kind::unknown, "n"},
  };

  [[noreturn]] static void fail_type(std::string_view format, const std::string &path) {
    fail_column(path, fmt::format("Iceberg has no type for Arrow's '{}'", format));
  }

  static type timestamp_type(std::string_view format, const std::string &path) {
    constexpr std::size_t unit_at = 2, zone_at = 4;
    if (format.size() < zone_at || format[3] != ':') fail_type(format, path);
    const std::string_view zone = format.substr(zone_at);
    if (!zone.empty() && !is_utc(zone)) {
      fail_column(path, fmt::format("its time zone is {}: Iceberg's timestamps with zone are in UTC", zone));
    }
    if (format[unit_at] == 'n') return zone.empty() ? type_kind::timestamp_ns : type_kind::timestamptz_ns;
    if (std::string_view("smu").find(format[unit_at]) == std::string_view::npos) fail_type(format, path);
    return zone.empty() ? type_kind::timestamp : type_kind::timestamptz;
  }

  static type decimal_type(std::string_view format, const std::string &path) {
    constexpr int usual_bits = 128;
    const auto numbers = numbers_of(format.substr(2));
    if (!numbers || numbers->size() < 2 || numbers->size() > 3) fail_type(format, path);
    const int precision = (*numbers)[0], scale = (*numbers)[1];
    const bool is_usual = numbers->size() == 2 || (*numbers)[2] == usual_bits;
    const bool fits = precision >= 1 && precision <= type::max_precision && scale >= 0 && scale <= precision;
    if (!is_usual || !fits) fail_type(format, path);
    return type::decimal(precision, scale);
  }

  type nested_type(const ArrowSchema &described, std::string_view format, const std::string &path, int depth) const {
    if (depth >= type::max_depth) fail_column(path, fmt::format("nested deeper than {} levels", type::max_depth));
    if (format == "+s") return type::structure(fields_of(described, path, depth + 1));
    const bool is_list = format == "+l" || format == "+L" || format.starts_with("+w:");
    if (!is_list && format != "+m") fail_type(format, path);
    if (described.n_children != 1) fail_column(path, "a list or map has one child");
    const ArrowSchema &only = child(described, 0, path);
    if (is_list) {
      field element = read(only, path, depth + 1);
      element.name = "element";
      return type::list(std::move(element));
    }
    check(only, path);
    if (std::string_view(only.format) != "+s" || only.n_children != 2)
      fail_column(path, "a map's entries are a struct of two");
    field key = read(child(only, 0, path), path, depth + 1), entry_value = read(child(only, 1, path), path, depth + 1);
    key.name = "key";
    key.required = true;
    entry_value.name = "value";
    return type::map(std::move(key), std::move(entry_value));
  }
};

std::string format_of_type(const type &t, const std::string &full_name) {
  switch (t.kind()) {
    case type_kind::boolean:
      return "b";
    case type_kind::int32:
      return "i";
    case type_kind::int64:
      return "l";
    case type_kind::float32:
      return "f";
    case type_kind::float64:
      return "g";
    case type_kind::decimal:
      return fmt::format("d:{},{}", t.precision(), t.scale());
    case type_kind::date:
      return "tdD";
    case type_kind::time:
      return "ttu";
    case type_kind::timestamp:
      return "tsu:";
    case type_kind::timestamptz:
      return "tsu:UTC";
    case type_kind::timestamp_ns:
      return "tsn:";
    case type_kind::timestamptz_ns:
      return "tsn:UTC";
    case type_kind::string:
      return "u";
    case type_kind::uuid:
      return "w:16";
    case type_kind::fixed:
      return fmt::format("w:{}", t.length());
    case type_kind::binary:
      return "z";
    case type_kind::unknown:
      return "n";
    case type_kind::structure:
      return "+s";
    case type_kind::list:
      return "+l";
    case type_kind::map:
      return "+m";
    case type_kind::variant:
    case type_kind::geometry:
    case type_kind::geography:
      break;
  }
  fail(status::UNSUPPORTED, fmt::format("Arrow has no type for the column {} of type {}", full_name, t.to_text()),
       full_name);
}

void export_field(const schema &columns, const field &f, ArrowSchema &out) {
  key_values metadata{{field_id_key, std::to_string(f.id)}};
  if (f.doc) metadata.emplace_back(doc_key, *f.doc);
  if (f.type.is(type_kind::uuid)) {
    metadata.emplace_back(extension_key, uuid_extension);
    metadata.emplace_back(extension_metadata_key, "");
  }
  const std::vector<field> &children = f.type.fields();
  const bool is_map = f.type.is(type_kind::map);
  owned<ArrowSchema> made;  // which goes again where a child fails
  std::vector<ArrowSchema> *given = &give_schema(format_of_type(f.type, columns.full_name(f.id)), f.name, !f.required,
                                                 is_map ? 1 : children.size(), *made, metadata);
  if (is_map) given = &give_schema("+s", "entries", false, children.size(), given->front());
  for (std::size_t i = 0; i < children.size(); ++i) export_field(columns, children[i], (*given)[i]);
  out = made.give();
}

}  // namespace

std::vector<field> fields_of_arrow(const ArrowSchema &described) {
  constexpr const char *root = "(the struct of all columns)";
  arrow_schema_import::check(described, root);
  if (std::string_view(described.format) != "+s") fail_column(root, "not a struct");
  return arrow_schema_import().fields_of(described, "", 1);
}

void export_iceberg_schema(const schema &columns, ArrowSchema &out) {
  owned<ArrowSchema> root;
  std::vector<ArrowSchema> &given = give_schema("+s", "", false, columns.fields().size(), *root);
  for (std::size_t i = 0; i < columns.fields().size(); ++i) export_field(columns, columns.fields()[i], given[i]);
  out = root.give();
}

}  // namespace evodb
