#include "retries.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string_view>

namespace tool {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr std::string_view reason_key = "evodb.retry.reason";
constexpr auto between_two_lines = 2s;

std::mutex changing;
std::string last_reason;
steady::time_point last_line = steady::now();

void hear(void *, const evodb_event *event) {
  for (std::int64_t i = 0; i < evodb_event_attribute_count(event); ++i) {
    const char *key = nullptr, *value = nullptr;
    if (evodb_event_attribute(event, i, &key, nullptr, &value, nullptr, nullptr) != EVODB_OK || key != reason_key)
      continue;
    const std::lock_guard<std::mutex> held(changing);
    last_reason = value;
    if (isatty(STDERR_FILENO) == 0 || steady::now() - last_line < between_two_lines) continue;
    last_line = steady::now();
    fmt::print(stderr, "trying again: {}\n", last_reason);
  }
}

}  // namespace

void listen_to_retries(const options_handle &runtime_options) {
  check([&](auto **error) {
    return evodb_options_set_observer(runtime_options.get(), hear, nullptr, EVODB_LOG_WARNING, error);
  });
}

std::string last_retry_reason() {
  const std::lock_guard<std::mutex> held(changing);
  return last_reason;
}

}  // namespace tool
