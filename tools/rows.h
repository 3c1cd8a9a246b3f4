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

/// The line that the text form has before what a command committed.
void print_committed(bool committed);
/// Write rows as JSON or as text, with "committed" first where a command commits.
void print_history(std::vector<boost::json::object> rows, bool as_json);
void print_show(boost::json::object row, bool as_json);
void print_schema(boost::json::object row, bool as_json);
/// {"committed": …}, then the row. The table is the result of a commit.
boost::json::object with_committed(const table_handle &committed, const boost::json::object &row);
boost::json::object with_committed(bool committed, const boost::json::object &row);
/// Prints the snapshot that has the session's key, or nulls where it has none or expired, as not committed by this call.
void print_as_committed_before(const session &library, const table_handle &table, bool as_json);
/// Prints a snapshot of the table, which is the result of a commit.
void print_committed_snapshot(const table_handle &committed, std::int64_t snapshot_id, bool as_json);
/// The last snapshot of a value: the one that its last change made.
std::int64_t last_snapshot_id(const table_handle &of);

}  // namespace tool
