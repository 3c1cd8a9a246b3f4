#include <optional>
#include <string>
#include <vector>

#include "arrow/blocking_rows.h"
#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/rows.h"

using namespace evodb;
using namespace evodb::capi;

/// Walks over rows, a batch at a time.
struct evodb_row_cursor {
  explicit evodb_row_cursor(std::shared_ptr<const row_set> over) : rows(std::move(over)) {}

  const std::vector<export_column> &columns() const noexcept { return rows.over().columns; }
  bool has_next_in_batch() const noexcept { return batch && next_row < batch->row_count(); }

  mutable blocking_rows rows;  ///< any thread may cancel it
  std::optional<export_batch> batch;
  std::int64_t next_row = 0;                    ///< in the batch; the current one is before it
  mutable std::vector<std::string> texts = {};  ///< of the current row, by column, as far as they were asked for
};

namespace {

int32_t type_of(const export_column &column) noexcept {
  switch (column.type) {
    case export_column::kind::utf8:
      return column.is_json ? EVODB_COLUMN_JSON : EVODB_COLUMN_TEXT;
    case export_column::kind::binary:
      return EVODB_COLUMN_BINARY;
    case export_column::kind::boolean:
      return EVODB_COLUMN_BOOL;
    case export_column::kind::int32:
    case export_column::kind::int64:
      return EVODB_COLUMN_INT64;
    case export_column::kind::fixed_width:
      return EVODB_COLUMN_TIMESTAMP_MS;
    case export_column::kind::int64_list:
    case export_column::kind::null:
      break;
  }
  return 0;
}

/// Null if there is none.
const export_column *column_at(const evodb_row_cursor *cursor, int32_t column) noexcept {
  const bool is_there = cursor != nullptr && column >= 0 && static_cast<std::size_t>(column) < cursor->columns().size();
  return is_there ? &cursor->columns()[static_cast<std::size_t>(column)] : nullptr;
}

bool is_text(const export_column &column) noexcept {
  return column.type == export_column::kind::utf8 || column.type == export_column::kind::binary;
}

/// The column's values, if there is a current row in which it is not null.
const export_buffers *values_at(const evodb_row_cursor *cursor, int32_t column) noexcept {
  if (column_at(cursor, column) == nullptr || !cursor->batch || cursor->next_row == 0) return nullptr;
  const export_buffers &values = cursor->batch->column(static_cast<std::size_t>(column));
  return values.is_null(static_cast<std::size_t>(cursor->next_row - 1)) ? nullptr : &values;
}

}  // namespace

evodb_status evodb_rows_cursor(const evodb_rows *rows, evodb_row_cursor **out_cursor, evodb_error **error) {
  return guarded(error, [&] {
    require(rows, "rows");
    require(out_cursor, "out_cursor");
    check_process(*rows->value->environment);
    *out_cursor = new evodb_row_cursor(rows->value);
  });
}

void evodb_row_cursor_free(evodb_row_cursor *cursor) {
  delete cursor;
}

evodb_future *evodb_row_cursor_fetch(evodb_row_cursor *cursor) {
  return make_future(cursor == nullptr ? nullptr : cursor->rows.over().environment, typeid(void), [&] {
    require(cursor, "cursor");
    return cursor->has_next_in_batch() ? operation::done(cursor->rows.over().environment) : cursor->rows.fetch();
  });
}

void evodb_row_cursor_cancel(const evodb_row_cursor *cursor) {
  if (cursor != nullptr) cursor->rows.cancel();
}

evodb_status evodb_row_cursor_next(evodb_row_cursor *cursor, evodb_bool *out_has_row, evodb_error **error) {
  return guarded(error, [&] {
    require(cursor, "cursor");
    require(out_has_row, "out_has_row");
    check_process(*cursor->rows.over().environment);
    cursor->rows.check();
    if (!cursor->has_next_in_batch()) {
      std::optional<export_batch> batch = cursor->rows.next();
      cursor->batch = std::move(batch);
      cursor->next_row = 0;
    }
    cursor->texts.clear();
    if (cursor->batch) ++cursor->next_row;
    *out_has_row = cursor->batch ? 1 : 0;
  });
}

int32_t evodb_row_cursor_column_count(const evodb_row_cursor *cursor) {
  return cursor == nullptr ? 0 : static_cast<int32_t>(cursor->columns().size());
}

const char *evodb_row_cursor_column_name(const evodb_row_cursor *cursor, int32_t column, int64_t *out_length) {
  const export_column *found = column_at(cursor, column);
  return text_out(found == nullptr ? std::string_view() : found->name, out_length);
}

int32_t evodb_row_cursor_column_type(const evodb_row_cursor *cursor, int32_t column) {
  const export_column *found = column_at(cursor, column);
  return found == nullptr ? 0 : type_of(*found);
}

evodb_bool evodb_row_cursor_has_value(const evodb_row_cursor *cursor, int32_t column) {
  return values_at(cursor, column) != nullptr ? 1 : 0;
}

/// It needs a NUL behind it; without memory for that it is empty.
const char *evodb_row_cursor_text(const evodb_row_cursor *cursor, int32_t column, int64_t *out_length) {
  const export_buffers *values = values_at(cursor, column);
  if (values == nullptr || !is_text(*column_at(cursor, column))) return text_out(std::string_view(), out_length);
  try {
    cursor->texts.resize(cursor->columns().size());
    std::string &text = cursor->texts[static_cast<std::size_t>(column)];
    if (text.empty()) text = values->text(static_cast<std::size_t>(cursor->next_row - 1));
    return text_out(text, out_length);
  } catch (...) {
    return text_out(std::string_view(), out_length);
  }
}

int64_t evodb_row_cursor_int64(const evodb_row_cursor *cursor, int32_t column) {
  const export_buffers *values = values_at(cursor, column);
  if (values == nullptr || is_text(*column_at(cursor, column))) return -1;
  return values->number(static_cast<std::size_t>(cursor->next_row - 1));
}
