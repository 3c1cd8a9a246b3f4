#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "runtime/async_semaphore.h"
#include "runtime/runtime.h"
#include "runtime/task.h"
#include "table/scan/manifest_scan.h"

namespace evodb {

/// Reads a plan's manifests ahead of the one who takes them, which gets them in the plan's order. Reading goes on beside
/// the taker, as far as there are places: a manifest takes one, and one more for each 4 MiB of it, until its taker gives
/// them back. The first failure ends the reading, and so does having kept as many files as the plan's limit. One taker at a
/// time, but for stop.
class read_ahead : public std::enable_shared_from_this<read_ahead> {
 public:
  /// All reading runs on `home`.
  read_ahead(std::shared_ptr<const plan> over, bool explains, executor home);

  struct taken {
    scanned_manifest result;
    std::size_t places = 0;
  };
  /// The next manifest, if it has been read. Throws what reading it failed with.
  std::optional<taken> take();
  /// Whether nothing is left to be taken.
  bool is_done() const;
  /// Waits until there is something to be taken, which there must be some day.
  task<> wait();
  /// Begins to read what there are places for.
  void go_on();
  void give_back(std::size_t places);
  bool has_many_places() const;

  /// Ends what is being read. In a fork of the process it does nothing.
  void stop();

 private:
  struct slot;
  static task<> read(std::shared_ptr<read_ahead> self, std::shared_ptr<slot> into,
                     async_semaphore::permit until_the_end);
  std::shared_ptr<slot> begin_next();
  bool is_enough() const noexcept;

  const std::shared_ptr<const plan> plan_;
  const bool explains_;
  const executor home_;
  const std::size_t places_;

  mutable std::mutex state_;  ///< of all below
  std::size_t next_source_ = 0;
  std::deque<std::shared_ptr<slot>> slots_;  ///< begun and not taken
  std::size_t used_places_ = 0;
  std::int64_t kept_files_ = 0;  ///< of what was read
  bool is_stopped_ = false;      ///< nothing is begun any more
  bool is_cancelled_ = false;
};

}  // namespace evodb
