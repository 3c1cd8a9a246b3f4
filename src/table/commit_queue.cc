#include "table/commit_queue.h"

#include <utility>

namespace evodb {

commit_queue::place::place(commit_queue &in, member who) : queue_(in), member_(std::move(who)) {
  const std::lock_guard<std::mutex> held(queue_.state_);
  queue_.waiting_.push_back(member_);
}

commit_queue::place::~place() {
  const std::lock_guard<std::mutex> held(queue_.state_);
  queue_.waiting_.remove(member_);
}

std::vector<commit_queue::member> commit_queue::waiting() const {
  const std::lock_guard<std::mutex> held(state_);
  return {waiting_.begin(), waiting_.end()};
}

}  // namespace evodb
