#pragma once

#include <memory>
#include <string>

#include "evodb_lakehouse.h"
#include "model/partition_spec.h"
#include "model/schema.h"

struct evodb_partition_spec {
  std::shared_ptr<const evodb::schema> columns;  ///< those of the fields' sources
  evodb::partition_spec spec;
  std::string json;
};

namespace evodb::capi {

evodb_partition_spec *new_partition_spec_handle(std::shared_ptr<const schema> columns, partition_spec spec);

}  // namespace evodb::capi
