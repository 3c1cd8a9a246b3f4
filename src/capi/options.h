#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>

#include "evodb_lakehouse.h"
#include "runtime/event.h"

struct evodb_options {
  std::map<std::string, std::variant<std::string, std::int64_t, bool>, std::less<>> values;
  std::function<evodb_credentials *()> credentials;    ///< null: none were set
  std::function<void(const evodb::event &)> on_event;  ///< null: none was set
  evodb::log_level highest_log_level = evodb::log_level::none;
};
