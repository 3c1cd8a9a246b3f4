#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/event.h"
#include "runtime/runtime.h"

namespace evodb {

/// Who an operation is to those who watch it.
struct trace {
  std::string operation_id;  ///< 32 hex digits
  std::string span_id;       ///< of the operation itself, 16 hex digits
};

trace new_trace(runtime &environment);

/// An executor as good as another one that carries an operation's trace to all its coroutines.
executor with_trace(executor of, std::shared_ptr<const trace> to_carry);
/// Null for an executor that carries none.
const trace *trace_of(const executor &here) noexcept;

/// An event that is being put together; nothing where none is wanted. `here` is the executor of the coroutine that makes
/// it. Keys are OpenTelemetry's where it has one.
class event_draft {
 public:
  bool is_wanted() const noexcept { return sink_ != nullptr; }
  void set(std::string_view key, std::string_view value);
  void set(std::string_view key, std::int64_t value);

 protected:
  event_draft(runtime &environment, const executor &here, std::string_view name);

  event_sink *sink_;  ///< null: not wanted
  event draft_;
};

/// A record of the log, delivered when this ends.
class log_record final : public event_draft {
 public:
  log_record(runtime &environment, const executor &here, log_level level, std::string_view message);
  log_record(const log_record &) = delete;
  log_record &operator=(const log_record &) = delete;
  ~log_record();
};

/// Something that takes time, from its making to its end.
class traced_span final : public event_draft {
 public:
  /// Within an operation, with an id of its own.
  traced_span(runtime &environment, const executor &here, std::string_view name);
  /// The operation itself.
  traced_span(runtime &environment, const trace &of, std::string_view name);
  traced_span(const traced_span &) = delete;
  traced_span &operator=(const traced_span &) = delete;
  ~traced_span();

  /// That what was tried has failed, and with what; null: it has not.
  void fail_with(const std::exception_ptr &why);

 private:
  void begin();

  runtime &environment_;
  steady_time begun_{};
};

}  // namespace evodb
