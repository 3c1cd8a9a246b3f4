#include "capi/boundary.h"
#include "capi/plan_cursor.h"

using namespace evodb;
using namespace evodb::capi;

void evodb_explain_cursor_free(evodb_explain_cursor *cursor) { delete cursor; }

evodb_status evodb_explain_cursor_next(evodb_explain_cursor *cursor, int32_t *out_has_row, evodb_error **error) {
  return guarded(error, [&] {
    require(cursor, "cursor");
    require(out_has_row, "out_has_row");
    while (cursor->rows.empty() && !cursor->is_at_end) {
      cursor->is_at_end = !cursor->walk.next().has_value();
      for (explanation &one : cursor->walk.state().take_explanations()) cursor->rows.push_back(std::move(one));
    }
    const bool has_row = !cursor->rows.empty();
    cursor->row = explanation();
    if (has_row) {
      cursor->row = std::move(cursor->rows.front());
      cursor->rows.pop_front();
    }
    *out_has_row = has_row ? 1 : 0;
  });
}

int32_t evodb_explain_cursor_is_manifest(const evodb_explain_cursor *cursor) {
  return cursor != nullptr && cursor->row.is_manifest ? 1 : 0;
}

void evodb_explain_cursor_path(const evodb_explain_cursor *cursor, const char **out_path, int64_t *out_path_length) {
  text_out(cursor == nullptr ? std::string_view() : cursor->row.path, out_path, out_path_length);
}

int32_t evodb_explain_cursor_is_kept(const evodb_explain_cursor *cursor) { return cursor != nullptr && cursor->row.is_kept ? 1 : 0; }

void evodb_explain_cursor_reason(const evodb_explain_cursor *cursor, const char **out_reason, int64_t *out_reason_length) {
  text_out(cursor == nullptr ? std::string_view() : cursor->row.reason, out_reason, out_reason_length);
}
