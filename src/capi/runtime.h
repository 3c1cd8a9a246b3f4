#pragma once

#include <memory>

#include "evodb_lakehouse.h"
#include "io/memory_stores.h"
#include "runtime/runtime.h"

struct evodb_runtime {
  std::shared_ptr<evodb::runtime> value;
  evodb::memory_stores in_memory = {};
};
