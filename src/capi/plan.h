#pragma once

#include <memory>

#include "evodb_lakehouse.h"
#include "table/scan/plan.h"

struct evodb_plan {
  std::shared_ptr<const evodb::plan> value;
};
