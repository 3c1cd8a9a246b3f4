#pragma once

#include <deque>
#include <memory>
#include <utility>

#include "evodb_lakehouse.h"
#include "table/scan/blocking_scan.h"
#include "table/scan/file_cursor.h"

/// Walks over a plan's files, a row at a time.
struct evodb_file_cursor {
  explicit evodb_file_cursor(std::shared_ptr<const evodb::plan> over) : walk(std::move(over)) {}

  mutable evodb::file_cursor walk;  ///< which any thread may cancel
  evodb::file_row row;              ///< what the cursor is on
};

/// Walks over the reasons.
struct evodb_explain_cursor {
  explicit evodb_explain_cursor(std::shared_ptr<const evodb::plan> over) : walk(std::move(over), true) {}

  mutable evodb::blocking_scan walk;  ///< which any thread may cancel
  std::deque<evodb::explanation> rows;
  evodb::explanation row;
};
