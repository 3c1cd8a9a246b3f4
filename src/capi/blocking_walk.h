#pragma once

#include <memory>
#include <optional>

#include "runtime/operation.h"
#include "table/plan_walk.h"

namespace evodb::capi {

/// Pulls a plan's files from a thread that may wait. One thread at a time.
class blocking_walk {
 public:
  blocking_walk(std::shared_ptr<const plan> over, bool explains);
  ~blocking_walk();

  /// Starts the next step without waiting for it; the operation under way if there is one.
  std::shared_ptr<operation> fetch();
  /// The next files; null after the last. Waits. Throws WOULD_DEADLOCK in a callback.
  std::optional<planned_files> next();

  const plan_walk &state() const noexcept { return *walk_; }
  plan_walk &state() noexcept { return *walk_; }
  std::shared_ptr<runtime> environment() const;

 private:
  std::shared_ptr<plan_walk> walk_;
  std::shared_ptr<operation> under_way_;
};

}  // namespace evodb::capi
