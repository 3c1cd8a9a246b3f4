#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/async_semaphore.h"
#include "runtime/runtime.h"
#include "runtime/task.h"

namespace evodb {

/// What goes on after the operation that began it has ended. Any thread.
class background_work {
 public:
  /// It keeps the runtime alive until its end. What it throws is lost.
  void start(std::shared_ptr<runtime> environment, std::function<task<>()> body, std::string name);
  /// Waits for all that was started before.
  task<> finish();

 private:
  std::mutex state_;
  std::vector<std::weak_ptr<async_semaphore>> running_;  ///< each is locked until the end of one
};

}  // namespace evodb
