#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "evodb_lakehouse.h"
#include "model/schema.h"

struct evodb_schema {
  std::shared_ptr<const evodb::schema> columns;
  std::string json;
  /// Whether the field ids mean anything to a table: they were given, and not assigned here.
  bool has_given_ids = true;
  /// The texts of types that were returned, by field id.
  std::mutex state;
  std::map<std::int32_t, std::string> type_texts;
};

namespace evodb::capi {

evodb_schema *new_schema_handle(std::shared_ptr<const schema> columns, bool has_given_ids = true);

}  // namespace evodb::capi
