#include "retries.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "output.h"

namespace tool {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr std::string_view reason_key = "evodb.retry.reason";
constexpr std::string_view left_key = "evodb.retry.left_ms";
constexpr std::string_view awaited_key = "evodb.waiting.for";
constexpr auto between_two_lines = 2s;
constexpr std::int64_t worth_saying_ms = 5000;  ///< who waits less long needs no explanation

std::mutex changing;
std::string last_reason;
std::optional<steady::time_point> last_line;  ///< none yet
bool has_waited = false, speaks_json = false;
std::int64_t limit_ms = -1;

std::string attribute(const evodb_event *event, std::string_view wanted) {
  for (std::int64_t i = 0; i < evodb_event_attribute_count(event); ++i) {
    const char *key = nullptr, *value = nullptr;
    if (evodb_event_attribute(event, i, &key, nullptr, &value, nullptr, nullptr) == EVODB_OK && key == wanted)
      return value;
  }
  return {};
}

/// Says once what a first answer is waited for.
void hear_of_wait(const std::string &awaited) {
  const std::lock_guard<std::mutex> held(changing);
  if (std::exchange(has_waited, true)) return;
  print_warning({EVODB_STORAGE_UNAVAILABLE, fmt::format("waiting for {} (Ctrl-C ends it)", awaited)}, speaks_json);
}

void hear(void *, const evodb_event *event) {
  if (const std::string awaited = attribute(event, awaited_key); !awaited.empty()) return hear_of_wait(awaited);
  const std::string reason = attribute(event, reason_key);
  if (reason.empty()) return;
  const std::lock_guard<std::mutex> held(changing);
  last_reason = reason;
  if (!last_line) {
    std::int64_t left_ms = std::atoll(attribute(event, left_key).c_str());
    if (left_ms < worth_saying_ms) return;
    if (limit_ms >= 0) left_ms = std::min(left_ms, limit_ms);
    const std::string until = fmt::format("trying again for up to {:.3g} s; Ctrl-C ends it", left_ms / 1000.0);
    print_warning({EVODB_STORAGE_UNAVAILABLE, fmt::format("{} ({})", reason, until)}, speaks_json);
  } else if (!speaks_json && isatty(STDERR_FILENO) != 0 && steady::now() - *last_line >= between_two_lines) {
    fmt::print(stderr, "trying again: {}\n", reason);
  } else {
    return;
  }
  last_line = steady::now();
}

}  // namespace

void listen_to_retries(const options_handle &runtime_options, bool as_json, std::int64_t timeout_ms) {
  speaks_json = as_json;
  limit_ms = timeout_ms;
  check([&](auto **error) {
    return evodb_options_set_observer(runtime_options.get(), hear, nullptr, EVODB_LOG_WARNING, error);
  });
}

std::string last_retry_reason() {
  const std::lock_guard<std::mutex> held(changing);
  return last_reason;
}

}  // namespace tool
