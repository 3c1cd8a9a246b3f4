#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "arrow/export_batch.h"
#include "runtime/runtime.h"
#include "runtime/task.h"

namespace evodb {

/// Rows that are read a batch at a time.
class row_source {
 public:
  row_source() = default;
  row_source(const row_source &) = delete;
  row_source &operator=(const row_source &) = delete;
  virtual ~row_source() = default;

  /// The next rows, at least one; nothing at the end. One coroutine at a time, and not again after a failure.
  virtual task<std::optional<export_batch>> next() = 0;
};

/// Rows that can be read any number of times. Shared, immutable.
struct row_set {
  std::shared_ptr<evodb::runtime> environment;
  std::vector<export_column> columns;
  std::function<std::shared_ptr<row_source>()> open;
};

/// Whether a batch is as large as one should be.
bool is_full(const export_batch &batch) noexcept;

}  // namespace evodb
