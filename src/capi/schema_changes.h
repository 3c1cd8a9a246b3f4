#pragma once

#include "evodb_lakehouse.h"
#include "table/operations/schema_changes.h"

struct evodb_schema_changes {
  evodb::schema_changes steps;
};
