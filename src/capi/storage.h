#pragma once

#include <memory>
#include <string>

#include "evodb_lakehouse.h"
#include "table/open_tables.h"

struct evodb_storage {
  std::shared_ptr<evodb::open_tables> tables;
  std::string location;
};

namespace evodb::capi {

/// Null for NULL.
std::shared_ptr<runtime> runtime_of(const evodb_storage *storage) noexcept;

}  // namespace evodb::capi
