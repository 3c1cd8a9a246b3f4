#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

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
  /// Within a step, where there is a row: moves `row` to it, and goes on.
  void read(file_row &row) { row.move_to(files_, next_row_++); }

  /// Where there is a row: the files of the same manifest, which of them comes next, and how many were read otherwise.
  planned_files &files() const noexcept { return *files_; }
  std::size_t next_row() const noexcept { return next_row_; }
  void skip(std::size_t count) noexcept { next_row_ += count; }

  std::shared_ptr<operation> fetch() { return walk_.fetch(has_row()); }
  /// Rows that can be read without waiting; 0 where a step would fail.
  std::int64_t ready_count() const;
  void cancel() { walk_.cancel(); }
  const plan_counts &counts() const noexcept { return walk_.state().counts(); }
  const std::shared_ptr<evodb::runtime> &runtime() const noexcept { return walk_.runtime(); }

 private:
  blocking_scan walk_;
  std::shared_ptr<planned_files> files_;  ///< shared with the row that was read
  std::size_t next_row_ = 0;
};

}  // namespace evodb
