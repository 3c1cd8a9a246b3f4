#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "catalog/filesystem/version_hint.h"
#include "io/storage.h"
#include "runtime/runtime.h"
#include "runtime/task.h"

namespace evodb {

/// Moves a table's version hint up behind the commits of this process, as often as the store takes writes of one key,
/// and never back. That it fails is no failure: a hint that lags is no error, and what it follows has landed.
class hint_mover : public std::enable_shared_from_this<hint_mover> {
 public:
  hint_mover(std::shared_ptr<const storage> where, const location &table);

  /// Waits until the hint is at `version` or above. Where it was written too short a time ago, it is moved in the
  /// background instead, once for all commits until then.
  task<> move_to(std::int64_t version);

 private:
  bool begin(std::int64_t version);
  bool finish();
  void give_up();
  task<> write_wanted();
  task<bool> write(std::int64_t version);
  task<> go_on_later();

  const std::shared_ptr<const storage> storage_;
  const version_hint hint_;

  std::mutex state_;
  std::int64_t wanted_ = 0;
  bool is_moving_ = false;  ///< somebody is at it, and what is below is theirs
  std::int64_t reached_ = 0;
  std::string etag_;        ///< of the hint as this process wrote it last; empty when it did not
  steady_time not_before_;  ///< the store takes the next write then
};

}  // namespace evodb
