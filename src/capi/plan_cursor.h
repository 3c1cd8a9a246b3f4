#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "capi/blocking_walk.h"
#include "evodb_lakehouse.h"
#include "table/file_row.h"
#include "table/plan_walk.h"

/// Walks over a plan's files, a row at a time.
struct evodb_file_cursor {
  explicit evodb_file_cursor(std::shared_ptr<const evodb::plan> over) : walk(std::move(over), false) {}

  evodb::capi::blocking_walk walk;
  std::optional<evodb::planned_files> batch;
  std::size_t next_in_batch = 0;
  evodb::file_row row;  ///< what the cursor is on
};

/// Walks over the reasons.
struct evodb_explain_cursor {
  explicit evodb_explain_cursor(std::shared_ptr<const evodb::plan> over) : walk(std::move(over), true) {}

  evodb::capi::blocking_walk walk;
  std::deque<evodb::explanation> rows;
  bool is_at_end = false;
  evodb::explanation row;
};
