#pragma once

#include "evodb_lakehouse.h"
#include "expression/predicate.h"

struct evodb_predicate {
  evodb::predicate_ptr value;
};
