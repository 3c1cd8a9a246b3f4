#pragma once

#include <exception>
#include <memory>
#include <mutex>

#include "base/error.h"
#include "runtime/operation.h"
#include "table/scan/scan_stream.h"

namespace evodb {

/// A walk over a plan, from a thread that may wait. One thread at a time, but for cancel; in a fork of the process, nothing
/// but cancel may be called.
class blocking_scan {
 public:
  blocking_scan(std::shared_ptr<const plan> over, bool explains);
  blocking_scan(const blocking_scan &) = delete;
  blocking_scan &operator=(const blocking_scan &) = delete;
  ~blocking_scan();

  /// Runs a step of the iteration. What it fails with, every later step fails with, too: going on would leave out what
  /// the failed one has not read. A call in the wrong place, a callback, is no failure of the iteration.
  template <typename Step>
  void step(Step take);

  /// Within a step: waits until something is ready to be taken. False at the end. Throws WOULD_DEADLOCK in a callback.
  bool advance();
  /// Starts what advance would wait for; the operation under way if there is one. It has ended already where there is
  /// nothing to wait for: when something is ready, `has_rows` (the caller has some left), at the end and after a failure.
  std::shared_ptr<operation> fetch(bool has_rows);
  /// Files that were read and can be taken without waiting.
  std::int64_t ready_count() const;
  /// Whether a step would fail without having tried anything.
  bool is_broken() const;

  /// From any thread: the step that waits, or else the next one, fails with CANCELLED; unless the end was reached.
  void cancel();

  const scan_stream &state() const noexcept { return *walk_; }
  scan_stream &state() noexcept { return *walk_; }
  const std::shared_ptr<evodb::runtime> &runtime() const noexcept { return environment_; }

 private:
  void refuse_if_cancelled() const;
  bool ends_with_cancellation() const;  ///< with the lock held
  bool has_ready() const;               ///< with the lock held, and nothing under way

  const std::shared_ptr<evodb::runtime> environment_;
  const std::shared_ptr<scan_stream> walk_;
  std::exception_ptr failure_;  ///< what the iteration has ended with
  bool is_ended_ = false;       ///< advance has come to the end

  mutable std::mutex state_;  ///< of all below
  std::shared_ptr<operation> under_way_;
  bool is_cancelled_ = false;
};

template <typename Step>
void blocking_scan::step(Step take) {
  if (!failure_) {
    try {
      refuse_if_cancelled();
      return take();
    } catch (const error &what) {
      if (what.code() == status::WOULD_DEADLOCK) throw;
      failure_ = std::current_exception();
    } catch (...) {
      failure_ = std::current_exception();
    }
  }
  std::rethrow_exception(failure_);
}

}  // namespace evodb
