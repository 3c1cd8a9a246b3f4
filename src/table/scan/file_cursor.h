#pragma once

#include <memory>
#include <optional>

#include "table/scan/blocking_scan.h"
#include "table/scan/file_row.h"

namespace evodb {

/// A plan's files, a row at a time. One thread at a time, but for cancel.
class file_cursor {
 public:
  explicit file_cursor(std::shared_ptr<const plan> over) : walk_(std::move(over), false) {}

  template <typename Step>
  void step(Step take) {
    walk_.step(std::move(take));
  }
  /// Within a step: waits until there is a row to be read. False at the end.
  bool advance();
  /// Whether there is another one of the same manifest.
  bool has_row() const noexcept { return files_ && next_row_ < files_->rows.size(); }
  /// Within a step, where there is a row: reads it into `row`, whose strings are used again, and moves on.
  void read(file_row &row);

  std::shared_ptr<operation> fetch() { return walk_.fetch(has_row()); }
  /// Rows that can be read without waiting; 0 where a step would fail.
  std::int64_t ready_count() const;
  void cancel() { walk_.cancel(); }
  const plan_counts &counts() const noexcept { return walk_.state().counts(); }
  const std::shared_ptr<evodb::runtime> &runtime() const noexcept { return walk_.runtime(); }

 private:
  blocking_scan walk_;
  std::optional<planned_files> files_;
  std::size_t next_row_ = 0;
};

}  // namespace evodb
