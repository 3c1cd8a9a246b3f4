#include <deque>

#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/plan.h"
#include "table/scan/blocking_scan.h"

using namespace evodb;
using namespace evodb::capi;

/// Walks over the reasons.
struct evodb_explain_cursor {
  explicit evodb_explain_cursor(std::shared_ptr<const evodb::plan> over) : walk(std::move(over), true) {}

  mutable evodb::blocking_scan walk;  ///< any thread may cancel it
  std::deque<evodb::explanation> rows;
  evodb::explanation row;
};

evodb_status evodb_plan_explain(const evodb_plan *plan, evodb_explain_cursor **out_cursor, evodb_error **error) {
  return guarded(error, [&] {
    require(plan, "plan");
    require(out_cursor, "out_cursor");
    check_process(plan->value->context()->runtime());
    *out_cursor = new evodb_explain_cursor(plan->value);
  });
}

void evodb_explain_cursor_free(evodb_explain_cursor *cursor) {
  delete cursor;
}

evodb_future *evodb_explain_cursor_fetch(evodb_explain_cursor *cursor) {
  return make_future(cursor == nullptr ? nullptr : cursor->walk.runtime(), typeid(void), [&] {
    require(cursor, "cursor");
    return cursor->walk.fetch(!cursor->rows.empty());
  });
}

evodb_status evodb_explain_cursor_next(evodb_explain_cursor *cursor, evodb_bool *out_has_row, evodb_error **error) {
  return guarded(error, [&] {
    require(cursor, "cursor");
    require(out_has_row, "out_has_row");
    check_process(*cursor->walk.runtime());
    cursor->walk.step([&] {
      if (cursor->rows.empty() && cursor->walk.advance()) {
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
  });
}

void evodb_explain_cursor_cancel(const evodb_explain_cursor *cursor) {
  if (cursor != nullptr) cursor->walk.cancel();
}

evodb_bool evodb_explain_cursor_is_manifest(const evodb_explain_cursor *cursor) {
  return cursor != nullptr && cursor->row.is_manifest ? 1 : 0;
}

const char *evodb_explain_cursor_path(const evodb_explain_cursor *cursor, int64_t *out_length) {
  return text_out(cursor == nullptr ? std::string_view() : cursor->row.path, out_length);
}

evodb_bool evodb_explain_cursor_is_kept(const evodb_explain_cursor *cursor) {
  return cursor != nullptr && cursor->row.is_kept ? 1 : 0;
}

const char *evodb_explain_cursor_reason(const evodb_explain_cursor *cursor, int64_t *out_length) {
  return text_out(cursor == nullptr ? std::string_view() : cursor->row.reason, out_length);
}
