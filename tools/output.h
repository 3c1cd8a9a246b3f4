#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api.h"

namespace tool {

/// The output could not be written; what it reports may be done.
struct unwritable_output : failure {
  unwritable_output() : failure(EVODB_RESOURCE_EXHAUSTED, "standard output cannot be written") {}
};

/// Writes one JSON object as a line, at once.
void print_json(const boost::json::object &row);

/// Writes one line; exits with status 0 if the pipe's reader is closed.
void print_line(std::string_view line);

/// An aligned table for human readers. Rows are kept until it is printed, since widths depend on all of them.
class text_table {
 public:
  enum class align { left, right };
  struct column {
    std::string title;
    align side = align::left;
  };
  explicit text_table(std::vector<column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  void print() const;

 private:
  std::vector<column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::string count_text(std::int64_t number);  ///< "336,776"
std::string size_text(std::int64_t bytes);    ///< "4,711.3 KiB"
/// Bold on a terminal with colours, otherwise unchanged.
std::string heading(std::string_view text);

/// Writes a failure to standard error, as text or (`as_json`) as JSON.
void print_failure(const failure &what, bool as_json);
/// Writes a warning to standard error, in the same two forms.
void print_warning(const failure &what, bool as_json);
/// Writes the table's warnings.
void print_warnings(const table_handle &of, bool as_json);
/// The exit status of a failure: 1 failed, 2 wrong before any I/O, 3 the outcome of a commit is unknown.
int exit_status_of(const failure &what);

/// One line on standard error that replaces itself, if that is a terminal and the work takes longer than half a second.
class progress {
 public:
  progress();
  ~progress();
  void show(std::string_view text);

 private:
  bool is_terminal_;
  std::int64_t begun_ms_;
  bool is_shown_ = false;
};

}  // namespace tool
