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
constexpr std::int64_t worth_reporting_ms = 5000;  ///< a shorter wait needs no explanation

std::mutex changing;
std::string last_reason;
std::optional<steady::time_point> last_line;  ///< none yet
bool has_waited = false, writes_json = false;
std::int64_t limit_ms = -1;

std::string attribute(const evodb_event *event, std::string_view wanted) {
  for (std::int64_t i = 0; i < evodb_event_attribute_count(event); ++i) {
    const char *key = nullptr, *value = nullptr;
    if (evodb_event_attribute(event, i, &key, nullptr, &value, nullptr, nullptr) == EVODB_OK && key == wanted)
      return value;
  }
  return {};
}

/// Reports once which server's first response is awaited.
void report_wait(const std::string &awaited) {
  const std::lock_guard<std::mutex> held(changing);
  if (std::exchange(has_waited, true)) return;
  print_warning({EVODB_STORAGE_UNAVAILABLE, fmt::format("waiting for {} (Ctrl-C ends it)", awaited)}, writes_json);
}

void on_event(void *, const evodb_event *event) {
  if (const std::string awaited = attribute(event, awaited_key); !awaited.empty()) return report_wait(awaited);
  const std::string reason = attribute(event, reason_key);
  if (reason.empty()) return;
  const std::lock_guard<std::mutex> held(changing);
  last_reason = reason;
  if (!last_line) {
    std::int64_t left_ms = std::atoll(attribute(event, left_key).c_str());
    if (left_ms < worth_reporting_ms) return;
    if (limit_ms >= 0) left_ms = std::min(left_ms, limit_ms);
    const std::string until = fmt::format("trying again for up to {:.3g} s; Ctrl-C ends it", left_ms / 1000.0);
    print_warning({EVODB_STORAGE_UNAVAILABLE, fmt::format("{} ({})", reason, until)}, writes_json);
  } else if (!writes_json && isatty(STDERR_FILENO) != 0 && steady::now() - *last_line >= between_two_lines) {
    fmt::print(stderr, "trying again: {}\n", reason);
  } else {
    return;
  }
  last_line = steady::now();
}

}  // namespace

void report_retries(const options_handle &runtime_options, bool as_json, std::int64_t timeout_ms) {
  writes_json = as_json;
  limit_ms = timeout_ms;
  check([&](auto **error) {
    return evodb_options_set_observer(runtime_options.get(), on_event, nullptr, EVODB_LOG_WARNING, error);
  });
}

std::string last_retry_reason() {
  const std::lock_guard<std::mutex> held(changing);
  return last_reason;
}

}  // namespace tool
