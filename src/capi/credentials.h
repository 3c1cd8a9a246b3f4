#pragma once

#include "evodb_lakehouse.h"
#include "io/s3/refreshed_credentials.h"

struct evodb_credentials {
  evodb::expiring_credentials value;
};
