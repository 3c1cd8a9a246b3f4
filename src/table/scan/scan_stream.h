#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "table/scan/planned_files.h"
#include "table/scan/read_ahead.h"

namespace evodb {

/// Walks over a plan's files. What comes next is read while the present files are used. One thread or coroutine at a time,
/// and not again after a failure.
class scan_stream {
 public:
  /// `explains`: gives the reasons instead of the files.
  scan_stream(std::shared_ptr<const plan> over, bool explains);
  scan_stream(const scan_stream &) = delete;
  scan_stream &operator=(const scan_stream &) = delete;
  ~scan_stream();

  /// Waits until something is ready to be taken. False at the end.
  task<bool> advance();
  /// Makes ready what has been read meanwhile, without waiting. Throws what reading failed with.
  void collect();
  bool is_ready() const noexcept { return explains_ ? !explanations_.empty() : !ready_.empty(); }
  /// Whether nothing is ready and nothing is left to read.
  bool is_at_end() const { return !is_ready() && has_read_all(); }
  /// Files that are ready.
  std::int64_t ready_count() const noexcept;
  /// The next files, never none. There must be some ready.
  planned_files take_files();
  /// All that are ready.
  std::vector<explanation> take_explanations();
  /// Of what was taken or is ready.
  const plan_counts &counts() const noexcept { return counts_; }
  const std::shared_ptr<const plan> &over() const noexcept { return plan_; }

 private:
  bool has_all_wanted() const noexcept;
  bool has_read_all() const;
  void add(read_ahead::taken next);

  const std::shared_ptr<const plan> plan_;
  const bool explains_;
  std::shared_ptr<read_ahead> reading_;  ///< null: not begun
  std::deque<read_ahead::taken> ready_;
  std::vector<explanation> explanations_;
  plan_counts counts_;
};

}  // namespace evodb
