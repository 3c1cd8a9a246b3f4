#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "simulation/network.h"
#include "simulation/process.h"

namespace evodb::simulation {

// What a test has become of requests, by name.

using maybe_ways = std::optional<std::vector<passage>>;

inline std::string key_of(std::int64_t version) {
  return fmt::format("{}/metadata/v{}.metadata.json", table_name, version);
}

inline bool is_put(const sent_request &what, const process &by, const std::string &key) {
  return what.from == by.id && what.what == sent_request::kind::put && what.key == key;
}
inline bool is_put(const sent_request &what, const process &by, std::int64_t version) {
  return is_put(what, by, key_of(version));
}

inline passage lost() {
  passage way;
  way.arrives = false;
  return way;
}

inline passage answer_lost() {
  passage way;
  way.is_answered = false;
  return way;
}

inline passage held(std::chrono::nanoseconds there, std::chrono::nanoseconds back = std::chrono::milliseconds(1)) {
  passage way;
  way.there = there;
  way.back = back;
  return way;
}

}  // namespace evodb::simulation
