#pragma once

#include <memory>
#include <string>

#include "io/object_store.h"

namespace evodb {

/// Objects in memory with true conditional semantics, shared by all who hold the pointer: `memory://name/`. Every verb
/// ends at once.
std::shared_ptr<object_store> make_memory_store(std::shared_ptr<runtime> environment, std::string name);

}  // namespace evodb
