#include "model/transform_term.h"

#include <fmt/format.h>

#include <string_view>

namespace evodb {
namespace {

struct column_path {
  std::vector<std::string> segments;
  bool is_quoted = false;  ///< one of them at least
};

std::string take_name(text_cursor &at) {
  const std::size_t start = at.position();
  std::string name = at.peek() == '"' ? at.expect_quoted() : std::string(at.take_until(" \t\r\n,().\""));
  if (name.empty()) at.fail_at(start, "expected a name");
  return name;
}

column_path take_path(text_cursor &at) {
  column_path path;
  do {
    path.is_quoted |= at.peek() == '"';
    path.segments.push_back(take_name(at));
  } while (at.take('.'));
  return path;
}

/// Without quotes, dots may lead into a struct or belong to a column's name.
const field &find_column(text_cursor &at, const schema &s, const column_path &path, std::size_t start) {
  const std::string joined = fmt::format("{}", fmt::join(path.segments, "."));
  const field *found = path.is_quoted ? s.find_path(path.segments) : s.find(joined);
  if (found) return *found;
  at.skip_spaces();
  const bool goes_on = is_word_char(at.peek());
  const field *similar = s.find_ignoring_case(joined);
  std::string hint;
  if (goes_on) hint = " (a name with blanks stands in double quotes)";
  if (similar) hint = fmt::format(" (there is {}: case counts)", s.full_name(similar->id));
  at.fail_at(start, fmt::format("unknown column {}{}", joined, hint));
}

/// The column stands where the transform's parameter should.
[[noreturn]] void fail_order(text_cursor &at, const std::string &name, std::size_t start) {
  const std::size_t begin = at.position();
  take_path(at);
  const std::string_view column = at.text_since(begin);
  at.skip_spaces();
  const int number = at.take(',') ? at.expect_int() : 16;
  at.fail_at(start, fmt::format("the number comes first: {}({}, {})", name, number, column));
}

/// A transform's name and the parenthesis behind it were read; its parameter follows.
transform take_transform(text_cursor &at, const std::string &name, std::size_t start) {
  const bool takes_parameter = equal_ignoring_case(name, "bucket") || equal_ignoring_case(name, "truncate");
  std::string text = name;
  if (takes_parameter) {
    at.skip_spaces();
    const bool is_column =
        !at.at_end() && !is_digit(at.peek()) && std::string_view("+-,)").find(at.peek()) == std::string_view::npos;
    if (is_column) fail_order(at, name, start);
    text += fmt::format("[{}]", at.expect_int());
    at.expect(',');
  }
  transform parsed = transform::parse(text);
  if (parsed.kind == transform::kind::unknown) {
    at.fail_at(start, takes_parameter ? "transform's parameter is not positive"
                                      : "unknown transform (there are year, month, day, hour, bucket(n, column), "
                                        "truncate(width, column) and void)");
  }
  return parsed;
}

}  // namespace

transform_term take_transform_term(text_cursor &at, const schema &s) {
  const std::size_t start = at.position();
  const column_path path = take_path(at);
  at.skip_spaces();
  if (path.is_quoted || path.segments.size() != 1 || !at.take('(')) return {{}, find_column(at, s, path, start).id};
  transform_term term;
  term.transform = take_transform(at, path.segments.front(), start);
  at.skip_spaces();
  const std::size_t column = at.position();
  const column_path of = take_path(at);
  term.source_id = find_column(at, s, of, column).id;
  at.skip_spaces();
  at.expect(')');
  return term;
}

std::string take_alias(text_cursor &at) {
  at.skip_spaces();
  if (!at.take_keyword("as")) return {};
  at.skip_spaces();
  return fmt::format("{}", fmt::join(take_path(at).segments, "."));
}

}  // namespace evodb
