#include "table/change.h"

namespace evodb {

bool change::is_committed() const {
  const std::lock_guard<std::mutex> held(state_);
  return is_committed_;
}

void change::set_committed() {
  const std::lock_guard<std::mutex> held(state_);
  is_committed_ = true;
  unresolved_.reset();
}

std::optional<change::sent_body> change::unresolved() const {
  const std::lock_guard<std::mutex> held(state_);
  return unresolved_;
}

void change::set_unresolved(std::optional<sent_body> sent) {
  const std::lock_guard<std::mutex> held(state_);
  unresolved_ = std::move(sent);
}

}  // namespace evodb
