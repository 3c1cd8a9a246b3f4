#pragma once

#include "evodb_lakehouse.h"
#include "table/operations/partition_changes.h"

struct evodb_partition_spec_changes {
  evodb::partition_changes steps;
};
