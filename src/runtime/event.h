#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace evodb {

enum class log_level { none, error, warning, info, debug };

/// What the library reports of itself: a record of its log, or that something which takes time has begun or ended.
struct event {
  enum class kind { log, span_started, span_ended };

  kind what = kind::log;
  log_level level = log_level::info;  ///< of a record
  std::string name;                   ///< a record's message, or what begins and ends
  std::int64_t time_ns = 0;           ///< since the epoch
  std::string operation_id;           ///< 32 hex digits, the same for all that one call of the library brings about
  std::string span_id;                ///< 16 hex digits: what began or ended, or in what a record was made
  std::string parent_id;              ///< of the span around it; empty for the operation itself
  std::vector<std::pair<std::string, std::string>> attributes;
};

/// Where events go. Any thread.
class event_sink {
 public:
  virtual ~event_sink() = default;
  virtual void take(event one) noexcept = 0;
  /// Records above it are not wanted.
  virtual log_level highest_level() const noexcept = 0;
};

}  // namespace evodb
