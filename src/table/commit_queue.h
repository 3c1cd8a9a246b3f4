#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/async_semaphore.h"

namespace evodb {

struct commit_call;

/// Calls of commit of one table and process wait here: one body is in flight at a time. The call at the head of the line
/// commits for others that wait behind it, too (commit_group).
class commit_queue {
 public:
  using member = std::shared_ptr<commit_call>;

  /// Held by who commits.
  async_semaphore &line() noexcept { return line_; }

  /// A member is in the queue as long as its place lives.
  class place {
   public:
    place(commit_queue &in, member who);
    ~place();
    place(const place &) = delete;
    place &operator=(const place &) = delete;

   private:
    commit_queue &queue_;
    const member member_;
  };

  /// In the order in which they came.
  std::vector<member> waiting() const;

 private:
  async_semaphore line_{1};
  mutable std::mutex state_;
  std::list<member> waiting_;
};

}  // namespace evodb
