#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "io/object_store.h"
#include "runtime/runtime.h"

namespace evodb {

/// Stores in memory by their names, as long as they are in use: all that open a name share what is stored under it. Any
/// thread.
class memory_stores {
 public:
  /// A new, empty one where none of that name is in use.
  std::shared_ptr<object_store> open(std::shared_ptr<runtime> environment, const std::string &name);

 private:
  std::mutex state_;
  std::map<std::string, std::weak_ptr<object_store>> in_use_;
};

}  // namespace evodb
