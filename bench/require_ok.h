#pragma once

#include <evodb_lakehouse.h>
#include <fmt/format.h>

#include <cstdlib>

/// Ends the program where a call failed, saying why.
inline void require_ok(evodb_status status, evodb_error *failure) {
  if (status == EVODB_OK) return;
  fmt::print(stderr, "{}\n", failure == nullptr ? "failed" : evodb_error_message(failure, nullptr));
  std::exit(1);
}
