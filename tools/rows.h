#pragma once

#include <boost/json.hpp>
#include <optional>

#include "api.h"
#include "session.h"

/// The rows of --json that more than one command writes, and their text forms.
namespace tool {

/// Null for a negative number, which means none.
boost::json::value number_or_null(std::int64_t number);

boost::json::object history_row(const table_handle &table, const snapshot_handle &snapshot);
/// `at`: affects only the current snapshot and schema.
boost::json::object show_row(const table_handle &table, const point_in_time &at);
boost::json::object schema_row(const schema_handle &schema);

/// Write rows as JSON or as text, with "committed" first where a command commits.
void print_history(std::vector<boost::json::object> rows, bool as_json);
void print_show(boost::json::object row, bool as_json);
void print_schema(boost::json::object row, bool as_json);
/// {"committed": …}, then the row. The table is the result of a commit.
boost::json::object with_committed(const table_handle &committed, const boost::json::object &row);
boost::json::object with_committed(bool committed, const boost::json::object &row);
/// The columns of history_row, all null.
boost::json::object empty_history_row();

}  // namespace tool
