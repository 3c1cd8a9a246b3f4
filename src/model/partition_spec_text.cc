#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text_cursor.h"
#include "model/partition_spec.h"

namespace evodb {
namespace {

bool is_time_transform(const transform &t) noexcept {
  return t.kind >= transform::kind::year && t.kind <= transform::kind::hour;
}

/// Reads "month(time_hour), bucket(16, id) AS shard, region".
class partition_spec_parser {
 public:
  partition_spec_parser(std::string_view text, const schema &s) : at_("partition spec", text), schema_(s) {}

  partition_spec parse(std::int32_t spec_id) {
    spec_.spec_id = spec_id;
    at_.skip_spaces();
    if (at_.at_end()) return std::move(spec_);
    do {
      parse_field();
      at_.skip_spaces();
    } while (at_.take(','));
    at_.expect_end();
    return std::move(spec_);
  }

 private:
  void parse_field() {
    at_.skip_spaces();
    const std::size_t start = at_.position();
    partition_field parsed;
    const field &source = parse_term(parsed.transform);
    parsed.source_ids = {source.id};
    parsed.field_id = partition_spec::first_field_id + static_cast<std::int32_t>(spec_.fields.size());
    parsed.name = parse_alias();
    if (parsed.name.empty()) parsed.name = default_partition_name(parsed.transform, schema_.full_name(source.id));
    check_redundancy(parsed, start);
    spec_.fields.push_back(std::move(parsed));
    try {
      check_partition_spec(spec_, schema_);
    } catch (const error &e) {
      at_.fail_at(start, e.message());
    }
  }

  /// A column, or a transform of one.
  const field &parse_term(transform &t) {
    const std::size_t start = at_.position();
    const column_path path = parse_path();
    at_.skip_spaces();
    if (path.is_quoted || path.segments.size() != 1 || !at_.take('(')) return find_column(path, start);
    t = parse_transform(path.segments.front(), start);
    at_.skip_spaces();
    const std::size_t column = at_.position();
    const field &source = find_column(parse_path(), column);
    at_.skip_spaces();
    at_.expect(')');
    return source;
  }

  /// A transform's name and the parenthesis behind it were read; its parameter follows.
  transform parse_transform(const std::string &name, std::size_t start) {
    const bool takes_parameter = equal_ignoring_case(name, "bucket") || equal_ignoring_case(name, "truncate");
    std::string text = name;
    if (takes_parameter) {
      at_.skip_spaces();
      const bool is_column =
          !at_.at_end() && !is_digit(at_.peek()) && std::string_view("+-,)").find(at_.peek()) == std::string_view::npos;
      if (is_column) fail_order(name, start);
      text += fmt::format("[{}]", at_.expect_int());
      at_.expect(',');
    }
    transform parsed = transform::parse(text);
    if (parsed.kind == transform::kind::unknown) {
      at_.fail_at(start, takes_parameter ? "transform's parameter is not positive"
                                         : "unknown transform (there are year, month, day, hour, bucket(n, column), "
                                           "truncate(width, column) and void)");
    }
    return parsed;
  }

  /// The column stands where the transform's parameter should.
  [[noreturn]] void fail_order(const std::string &name, std::size_t start) {
    const std::size_t begin = at_.position();
    parse_path();
    const std::string_view column = at_.text_since(begin);
    at_.skip_spaces();
    const int number = at_.take(',') ? at_.expect_int() : 16;
    at_.fail_at(start, fmt::format("the number comes first: {}({}, {})", name, number, column));
  }

  struct column_path {
    std::vector<std::string> segments;
    bool is_quoted = false;  ///< one of them at least
  };

  column_path parse_path() {
    column_path path;
    do {
      path.is_quoted |= at_.peek() == '"';
      path.segments.push_back(parse_name());
    } while (at_.take('.'));
    return path;
  }

  std::string parse_name() {
    const std::size_t start = at_.position();
    std::string name = at_.peek() == '"' ? at_.expect_quoted() : std::string(at_.take_until(" \t\r\n,().\""));
    if (name.empty()) at_.fail_at(start, "expected a name");
    return name;
  }

  /// Without quotes, dots may lead into a struct or belong to a column's name.
  const field &find_column(const column_path &path, std::size_t start) {
    const std::string joined = fmt::format("{}", fmt::join(path.segments, "."));
    const field *found = path.is_quoted ? schema_.find_path(path.segments) : schema_.find(joined);
    if (found) return *found;
    at_.skip_spaces();
    const bool goes_on = is_word_char(at_.peek());
    const field *similar = schema_.find_ignoring_case(joined);
    std::string hint;
    if (goes_on) hint = " (a name with blanks stands in double quotes)";
    if (similar) hint = fmt::format(" (there is {}: case counts)", schema_.full_name(similar->id));
    at_.fail_at(start, fmt::format("unknown column {}{}", joined, hint));
  }

  /// The name behind AS; empty if there is none.
  std::string parse_alias() {
    at_.skip_spaces();
    if (!at_.take_keyword("as")) return {};
    at_.skip_spaces();
    return fmt::format("{}", fmt::join(parse_path().segments, "."));
  }

  /// As in Java, a second identity of a column and a second time unit of one say nothing new.
  void check_redundancy(const partition_field &added, std::size_t start) {
    for (const partition_field &f : spec_.fields) {
      const bool both_time = is_time_transform(f.transform) && is_time_transform(added.transform);
      const bool both_identity =
          f.transform.kind == transform::kind::identity && added.transform.kind == transform::kind::identity;
      if (f.source_ids == added.source_ids && (both_time || both_identity)) {
        at_.fail_at(start, fmt::format("partition field is redundant beside {}", f.name));
      }
    }
  }

  text_cursor at_;
  const schema &schema_;
  partition_spec spec_;
};

}  // namespace

partition_spec parse_partition_spec(std::string_view text, const schema &s, std::int32_t spec_id) {
  return partition_spec_parser(text, s).parse(spec_id);
}

}  // namespace evodb
