#pragma once

#include <memory>
#include <utility>

#include "table/table.h"

namespace evodb {

/// The newest version of a table by the name that is given; see open_tables::open for what callers get.
inline task<table> open_table(std::shared_ptr<table_context> context) {
  table_version newest = co_await context->load();
  co_return table(std::move(context), std::move(newest));
}

}  // namespace evodb
