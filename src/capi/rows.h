#pragma once

#include <memory>

#include "arrow/row_source.h"
#include "evodb_lakehouse.h"

struct evodb_rows {
  std::shared_ptr<const evodb::row_set> value;
};
