#pragma once

#include "evodb_lakehouse.h"
#include "io/r2/refreshed_credentials.h"

struct evodb_credentials {
  evodb::r2::expiring_credentials value;
};
