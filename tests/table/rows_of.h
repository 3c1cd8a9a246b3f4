#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "arrow/blocking_rows.h"
#include "runtime/run_to_end.h"

namespace evodb::table_tests {

/// A row by column names; numbers as text, nulls as "null".
using text_row = std::map<std::string, std::string>;

inline std::vector<text_row> rest_of(blocking_rows &rows) {
  std::vector<text_row> all;
  const std::vector<export_column> &columns = rows.over().columns;
  while (const std::optional<export_batch> batch = rows.next()) {
    for (std::size_t row = 0; row < static_cast<std::size_t>(batch->row_count()); ++row) {
      text_row &texts = all.emplace_back();
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const export_buffers &values = batch->column(i);
        const bool is_text = !values.offsets.empty();
        texts[columns[i].name] = values.is_null(row) ? "null"
                                 : is_text           ? std::string(values.text(row))
                                                     : std::to_string(values.number(row));
      }
    }
  }
  return all;
}

/// What the task's row set has.
template <typename Make>
std::shared_ptr<const row_set> made_rows(const std::shared_ptr<runtime> &environment, Make make) {
  return run_to_end(environment, [make]() -> task<std::shared_ptr<const row_set>> { co_return co_await make(); });
}
template <typename Make>
std::vector<text_row> rows_of(const std::shared_ptr<runtime> &environment, Make make) {
  blocking_rows rows(made_rows(environment, std::move(make)));
  return rest_of(rows);
}

}  // namespace evodb::table_tests
