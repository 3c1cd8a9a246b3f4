#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text_cursor.h"
#include "model/type.h"

namespace evodb {
namespace {

struct primitive_name {
  type_kind kind;
  const char *name;
};
constexpr primitive_name primitive_names[] = {
    {type_kind::boolean, "boolean"},
    {type_kind::int32, "int"},
    {type_kind::int64, "long"},
    {type_kind::float32, "float"},
    {type_kind::float64, "double"},
    {type_kind::date, "date"},
    {type_kind::time, "time"},
    {type_kind::timestamp, "timestamp"},
    {type_kind::timestamptz, "timestamptz"},
    {type_kind::timestamp_ns, "timestamp_ns"},
    {type_kind::timestamptz_ns, "timestamptz_ns"},
    {type_kind::string, "string"},
    {type_kind::uuid, "uuid"},
    {type_kind::binary, "binary"},
    {type_kind::unknown, "unknown"},
    {type_kind::variant, "variant"},
    // Other systems' names, read but not written: the first name of a kind is its own.
    {type_kind::int32, "int32"},
    {type_kind::int64, "int64"},
    {type_kind::float32, "float32"},
    {type_kind::float64, "float64"},
};

std::string child_to_text(const field &child) {
  return (child.required ? "required " : "") + child.type.to_text();
}

std::string name_to_text(const std::string &name) {
  if (!name.empty() && std::all_of(name.begin(), name.end(), is_word_char)) return name;
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string struct_to_text(const type &t) {
  std::string text = "struct<";
  for (const field &child : t.fields()) {
    if (&child != &t.fields().front()) text += ", ";
    text += name_to_text(child.name) + ": " + child_to_text(child);
  }
  return text + '>';
}

}  // namespace

std::string type::to_text() const {
  switch (kind_) {
    case type_kind::decimal:
      return fmt::format("decimal({},{})", precision(), scale());
    case type_kind::fixed:
      return fmt::format("fixed[{}]", length());
    case type_kind::geometry:
      return crs() == default_crs ? "geometry" : fmt::format("geometry({})", crs());
    case type_kind::geography:
      if (algorithm() != default_algorithm) return fmt::format("geography({}, {})", crs(), algorithm());
      return crs() == default_crs ? "geography" : fmt::format("geography({})", crs());
    case type_kind::structure:
      return struct_to_text(*this);
    case type_kind::list:
      return fmt::format("list<{}>", child_to_text(element()));
    case type_kind::map:
      return fmt::format("map<{}, {}>", key().type.to_text(), child_to_text(value()));
    default:
      return std::find_if(std::begin(primitive_names), std::end(primitive_names),
                          [this](const primitive_name &p) { return p.kind == kind_; })
          ->name;
  }
}

namespace {

/// Recursive descent over the text of a type. The depth is bounded here too, since types bound theirs only once they
/// are made.
class type_parser {
 public:
  explicit type_parser(std::string_view text) : at_("type", text) {}

  type parse_all() {
    type parsed = parse(0);
    at_.expect_end();
    return parsed;
  }

 private:
  type parse(int depth) {
    at_.skip_spaces();
    const std::size_t start = at_.position();
    if (depth > type::max_depth) at_.fail_at(start, "types nest too deeply");
    const std::string_view word = at_.take_word();
    if (word.empty()) at_.fail_here("expected a type");
    for (const primitive_name &p : primitive_names) {
      if (equal_ignoring_case(word, p.name)) return p.kind;
    }
    at_.skip_spaces();
    if (equal_ignoring_case(word, "decimal")) return parse_decimal(start);
    if (equal_ignoring_case(word, "fixed")) return parse_fixed();
    if (equal_ignoring_case(word, "geometry")) return parse_geometry(start);
    if (equal_ignoring_case(word, "geography")) return parse_geography(start);
    if (equal_ignoring_case(word, "struct")) return parse_struct(depth);
    if (equal_ignoring_case(word, "list")) return parse_list(depth);
    if (equal_ignoring_case(word, "map")) return parse_map(depth);
    at_.fail_at(start, "unknown type");
  }

  /// What a maker refuses is refused at the place where the type begins.
  template <typename F>
  type make(std::size_t start, F &&maker) {
    try {
      return maker();
    } catch (const error &e) {
      at_.fail_at(start, e.message());
    }
  }

  type parse_decimal(std::size_t start) {
    at_.expect('(');
    const int precision = at_.expect_int();
    at_.expect(',');
    const int scale = at_.expect_int();
    at_.expect(')');
    return make(start, [&] { return type::decimal(precision, scale); });
  }

  type parse_fixed() {
    at_.expect('[');
    const int length = at_.expect_int();
    at_.expect(']');
    return type::fixed(length);
  }

  type parse_geometry(std::size_t start) {
    std::string crs;
    if (at_.take('(')) {
      crs = take_trimmed(")");
      at_.expect(')');
    }
    return make(start, [&] { return type::geometry(std::move(crs)); });
  }

  type parse_geography(std::size_t start) {
    std::string crs, algorithm;
    if (at_.take('(')) {
      crs = take_trimmed(",)");
      if (at_.take(',')) algorithm = take_trimmed(")");
      at_.expect(')');
    }
    return make(start, [&] { return type::geography(std::move(crs), std::move(algorithm)); });
  }

  std::string take_trimmed(std::string_view stops) {
    at_.skip_spaces();
    std::string text(at_.take_until(stops));
    while (text.ends_with(' ')) text.pop_back();
    return text;
  }

  type parse_struct(int depth) {
    std::vector<field> fields;
    at_.expect('<');
    at_.skip_spaces();
    while (!at_.take('>')) {
      if (!fields.empty()) {
        at_.expect(',');
        at_.skip_spaces();
      }
      const std::size_t start = at_.position();
      std::string name = at_.peek() == '"' ? at_.expect_quoted() : std::string(at_.take_word());
      if (name.empty()) at_.fail_at(start, "expected a field name");
      at_.skip_spaces();
      at_.expect(':');
      fields.push_back(parse_child(depth));
      fields.back().name = std::move(name);
    }
    return make(0, [&] { return type::structure(std::move(fields)); });
  }

  type parse_list(int depth) {
    at_.expect('<');
    field element = parse_child(depth);
    at_.expect('>');
    return make(0, [&] { return type::list(std::move(element)); });
  }

  type parse_map(int depth) {
    at_.expect('<');
    field key = parse_child(depth);
    at_.expect(',');
    field value = parse_child(depth);
    at_.expect('>');
    return make(0, [&] { return type::map(std::move(key), std::move(value)); });
  }

  field parse_child(int depth) {
    field child;
    at_.skip_spaces();
    child.required = at_.take_keyword("required");
    child.type = parse(depth + 1);
    at_.skip_spaces();
    if (at_.take_keyword("not")) {
      at_.skip_spaces();
      if (!at_.take_keyword("null")) at_.fail_here("expected 'null'");
      child.required = true;
      at_.skip_spaces();
    }
    return child;
  }

  text_cursor at_;
};

}  // namespace

type type::parse(std::string_view text) {
  return type_parser(text).parse_all();
}

}  // namespace evodb
