#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/async_semaphore.h"

namespace evodb {

struct commit_call;

/// Commits of one table and process wait here: one body is in flight at a time. Whoever comes to the head of the line
/// commits for others too that wait behind.
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

  /// Under the line: a member and the others that are not done and can be committed with it, in the order in which they
  /// came but for one application's keys, which go up.
  std::vector<member> group_with(const member &first);

 private:
  async_semaphore line_{1};
  std::mutex state_;
  std::list<member> waiting_;
};

}  // namespace evodb
