#pragma once

#include <exception>
#include <memory>
#include <mutex>
#include <optional>

#include "arrow/row_source.h"
#include "runtime/operation.h"

namespace evodb {

/// Reads rows from a thread that may wait. One thread at a time, but for cancel; in a fork of the process, nothing but
/// cancel may be called.
class blocking_rows {
 public:
  explicit blocking_rows(std::shared_ptr<const row_set> over);
  blocking_rows(const blocking_rows &) = delete;
  blocking_rows &operator=(const blocking_rows &) = delete;
  ~blocking_rows();

  /// Waits for the next rows; nothing at the end. A failure is final: what was not read must not be left out. A call in
  /// the wrong place, WOULD_DEADLOCK in a callback, is no failure of the reading.
  std::optional<export_batch> next();
  /// Throws what the reading has ended with.
  void check();
  /// Starts what next would wait for; the operation under way if there is one. It has ended already at the end and after
  /// a failure.
  std::shared_ptr<operation> fetch();
  /// From any thread: the next that waits, or else the next call, fails with CANCELLED, unless the end was reached.
  void cancel();

  const row_set &over() const noexcept { return *over_; }

 private:
  void end_if_cancelled();  // with the lock held

  const std::shared_ptr<const row_set> over_;
  const std::shared_ptr<row_source> source_;

  std::mutex state_;            ///< of all below
  std::exception_ptr failure_;  ///< what the reading has ended with
  bool is_ended_ = false;
  bool is_cancelled_ = false;
  std::shared_ptr<operation> under_way_;
};

}  // namespace evodb
