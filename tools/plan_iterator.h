#pragma once

#include <cstdint>
#include <utility>

#include "api.h"
#include "waiting.h"

namespace tool {

/// Iterates with a cursor. All its waits together may take as long as one operation.
template <typename Handle, auto Fetch, auto Next>
class plan_iterator {
 public:
  plan_iterator(Handle cursor, std::int64_t timeout_ms) : cursor_(std::move(cursor)), time_{timeout_ms, 0} {}

  /// False at the end. Throws failure.
  bool next() {
    const future_handle reading(Fetch(cursor_.get()));
    wait(reading.get(), time_);
    evodb_bool has_one = 0;
    check([&](auto **error) { return Next(cursor_.get(), &has_one, error); });
    return has_one != 0;
  }
  typename Handle::pointer get() const { return cursor_.get(); }

 private:
  Handle cursor_;
  time_allowed time_;
};

using file_iterator = plan_iterator<file_cursor_handle, evodb_file_cursor_fetch, evodb_file_cursor_next>;
using row_iterator = plan_iterator<row_cursor_handle, evodb_row_cursor_fetch, evodb_row_cursor_next>;
using explain_iterator = plan_iterator<explain_cursor_handle, evodb_explain_cursor_fetch, evodb_explain_cursor_next>;

}  // namespace tool
