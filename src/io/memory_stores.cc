#include "io/memory_stores.h"

#include <utility>

#include "io/memory_store.h"

namespace evodb {

std::shared_ptr<object_store> memory_stores::open(std::shared_ptr<runtime> environment, const std::string &name) {
  const std::lock_guard held(state_);
  std::erase_if(in_use_, [](const auto &one) { return one.second.expired(); });
  std::weak_ptr<object_store> &known = in_use_[name];
  std::shared_ptr<object_store> store = known.lock();
  if (!store) known = store = make_memory_store(std::move(environment), name);
  return store;
}

}  // namespace evodb
