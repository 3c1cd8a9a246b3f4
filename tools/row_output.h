#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <vector>

#include "plan_iterator.h"

namespace tool {

/// The cursor's current row: its columns in their order, texts that are JSON as values.
boost::json::object json_row(const evodb_row_cursor *at);

/// A column of the text form of rows.
struct shown_column {
  enum class as { text, number, count, size, time };
  std::string key;
  std::string title;
  as form = as::text;
};

/// Writes rows as they come as JSON, or all of them at the end as an aligned table of these columns. `look`, if given, is
/// called with each row of the table.
void print_rows(row_iterator rows, bool as_json, const std::vector<shown_column> &columns,
                const std::function<void(const boost::json::object &row)> &look = {});

}  // namespace tool
