#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "runtime/runtime.h"

namespace evodb {

/// Whose turn it is to make the next version, among processes that commit to one table: that of the one which has waited
/// through the most versions. Each version says through how many its writer had waited, and as all of them are made by
/// rivals that wait as well, that is how many rivals there are. Only delays attempts: a wrong guess costs time and no
/// more. Any thread.
class turns {
 public:
  /// A call begins to commit: it has not waited yet.
  void begin(steady_time now);
  /// A version was found to be the newest, whose writer had waited through so many.
  void see(std::int64_t version, std::int64_t waited, steady_time now);
  /// Others wait that have made no version yet.
  void expect_rival();
  /// Whether this call waits and those that make versions do not know of it.
  bool is_overlooked() const;
  /// How long it took to ask for the newest version.
  void measure(std::chrono::nanoseconds look);
  /// Whether it is this call's turn to make the next version. Rivals before it that let their time pass twice are gone.
  bool is_next(steady_time now);
  /// How long not to look for newer versions while it is not: its turn is far. None where it is near.
  std::chrono::nanoseconds pause() const;
  /// Whether the newest version was asked for just now, so that at most one can have been made since.
  bool has_just_looked(steady_time now) const;
  /// Through how many versions of others a call has waited that makes this one.
  std::int64_t waited(std::int64_t version) const;

 private:
  double rivals_before() const;
  std::chrono::nanoseconds interval() const;

  mutable std::mutex state_;
  std::int64_t newest_ = 0;
  steady_time newest_since_;   ///< when it was seen first
  steady_time looked_at_;      ///< when it was seen last
  std::int64_t begun_at_ = 0;  ///< the newest version when the call began; 0: not known yet
  double rivals_ = 0;
  bool has_waited_ = false;              ///< the writer of the newest version
  bool is_missing_rivals_ = false;       ///< the last turn was taken since they let their time pass
  std::chrono::nanoseconds look_{};      ///< about one round trip
  std::chrono::nanoseconds interval_{};  ///< between two versions
};

}  // namespace evodb
