#include "row_output.h"

#include "output.h"
#include "timestamp_argument.h"

namespace json = boost::json;

namespace tool {
namespace {

json::value column_value(const evodb_row_cursor *at, std::int32_t column) {
  if (evodb_row_cursor_has_value(at, column) == 0) return nullptr;
  std::int64_t length = 0;
  const std::int32_t type = evodb_row_cursor_column_type(at, column);
  switch (type) {
    case EVODB_COLUMN_INT64:
    case EVODB_COLUMN_TIMESTAMP_MS:
      return evodb_row_cursor_int64(at, column);
    case EVODB_COLUMN_BOOL:
      return evodb_row_cursor_int64(at, column) != 0;
    default: {
      const char *data = evodb_row_cursor_text(at, column, &length);
      const std::string_view text(data, static_cast<std::size_t>(length));
      return type == EVODB_COLUMN_JSON ? json::parse(text) : json::value(text);
    }
  }
}

std::string shown_text(const json::value &value, shown_column::as form) {
  if (value.is_null()) return "";
  switch (form) {
    case shown_column::as::count:
      return count_text(value.as_int64());
    case shown_column::as::size:
      return size_text(value.as_int64());
    case shown_column::as::time:
      return timestamp_text(value.as_int64());
    case shown_column::as::number:
    case shown_column::as::text:
      break;
  }
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

}  // namespace

json::object json_row(const evodb_row_cursor *at) {
  json::object row;
  for (std::int32_t column = 0; column < evodb_row_cursor_column_count(at); ++column) {
    std::int64_t length = 0;
    const char *name = evodb_row_cursor_column_name(at, column, &length);
    row[std::string_view(name, static_cast<std::size_t>(length))] = column_value(at, column);
  }
  return row;
}

void print_rows(row_iterator rows, bool as_json, const std::vector<shown_column> &columns,
                const std::function<void(const json::object &row)> &look) {
  std::vector<text_table::column> titles;
  for (const shown_column &one : columns) {
    const bool is_left = one.form == shown_column::as::text || one.form == shown_column::as::time;
    titles.push_back({one.title, is_left ? text_table::align::left : text_table::align::right});
  }
  text_table listed(std::move(titles));
  while (rows.next()) {
    const json::object row = json_row(rows.get());
    if (as_json) {
      print_json(row);
      continue;
    }
    std::vector<std::string> texts;
    for (const shown_column &one : columns) texts.push_back(shown_text(row.at(one.key), one.form));
    listed.add(std::move(texts));
    if (look) look(row);
  }
  if (!as_json) listed.print();
}

}  // namespace tool
