#include "runtime/trace.h"

#include <fmt/format.h>

#include <boost/asio/execution.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <utility>

#include "base/error.h"

namespace evodb {
namespace {

namespace asio = boost::asio;

/// Two of them are one executor if what they run on is.
class traced_executor {
 public:
  traced_executor(executor of, std::shared_ptr<const trace> carried) : of_(std::move(of)), trace_(std::move(carried)) {}

  const trace *carried() const noexcept { return trace_.get(); }

  asio::execution_context &query(asio::execution::context_t property) const { return asio::query(of_, property); }
  traced_executor require(asio::execution::blocking_t::never_t never) const {
    return {asio::require(of_, never), trace_};
  }
  traced_executor prefer(asio::execution::blocking_t::possibly_t wish) const {
    return {asio::prefer(of_, wish), trace_};
  }
  traced_executor prefer(asio::execution::outstanding_work_t::tracked_t wish) const {
    return {asio::prefer(of_, wish), trace_};
  }
  traced_executor prefer(asio::execution::outstanding_work_t::untracked_t wish) const {
    return {asio::prefer(of_, wish), trace_};
  }
  traced_executor prefer(asio::execution::relationship_t::fork_t wish) const {
    return {asio::prefer(of_, wish), trace_};
  }
  traced_executor prefer(asio::execution::relationship_t::continuation_t wish) const {
    return {asio::prefer(of_, wish), trace_};
  }

  template <typename Handler>
  void execute(Handler &&handler) const {
    of_.execute(std::forward<Handler>(handler));
  }

  bool operator==(const traced_executor &other) const noexcept { return of_ == other.of_; }

 private:
  executor of_;
  std::shared_ptr<const trace> trace_;
};

}  // namespace

trace new_trace(runtime &environment) {
  trace made;
  made.operation_id = fmt::format("{:016x}{:016x}", environment.random_u64(), environment.random_u64());
  made.span_id = fmt::format("{:016x}", environment.random_u64());
  return made;
}

executor with_trace(executor of, std::shared_ptr<const trace> to_carry) {
  return traced_executor(std::move(of), std::move(to_carry));
}

const trace *trace_of(const executor &here) noexcept {
  const auto *traced = here.target<traced_executor>();
  return traced == nullptr ? nullptr : traced->carried();
}

event_draft::event_draft(runtime &environment, const executor &here, std::string_view name)
    : sink_(environment.events()) {
  if (sink_ == nullptr) return;
  draft_.name = name;
  draft_.time_ns = environment.now_ms() * 1'000'000;
  if (const trace *around = trace_of(here)) {
    draft_.operation_id = around->operation_id;
    draft_.parent_id = around->span_id;
  }
}

void event_draft::set(std::string_view key, std::string_view value) {
  if (sink_ != nullptr) draft_.attributes.emplace_back(key, value);
}

void event_draft::set(std::string_view key, std::int64_t value) {
  if (sink_ != nullptr) draft_.attributes.emplace_back(key, std::to_string(value));
}

log_record::log_record(runtime &environment, const executor &here, log_level level, std::string_view message)
    : event_draft(environment, here, message) {
  if (sink_ != nullptr && level > sink_->highest_level()) sink_ = nullptr;
  draft_.level = level;
  draft_.span_id = std::exchange(draft_.parent_id, {});
}

log_record::~log_record() {
  if (sink_ != nullptr) sink_->take(std::move(draft_));
}

traced_span::traced_span(runtime &environment, const executor &here, std::string_view name)
    : event_draft(environment, here, name), environment_(environment) {
  if (sink_ == nullptr) return;
  draft_.span_id = fmt::format("{:016x}", environment.random_u64());
  begin();
}

traced_span::traced_span(runtime &environment, const trace &of, std::string_view name)
    : event_draft(environment, executor(), name), environment_(environment) {
  if (sink_ == nullptr) return;
  draft_.operation_id = of.operation_id;
  draft_.span_id = of.span_id;
  begin();
}

void traced_span::begin() {
  begun_ = environment_.steady_now();
  draft_.what = event::kind::span_started;
  sink_->take(draft_);
  draft_.what = event::kind::span_ended;
}

void traced_span::fail_with(const std::exception_ptr &why) {
  if (sink_ == nullptr || !why) return;
  const error failure = error_of(why);
  set("error.type", name_of(failure.code()));
  set("exception.message", failure.message());
}

traced_span::~traced_span() {
  if (sink_ == nullptr) return;
  draft_.time_ns += (environment_.steady_now() - begun_).count();
  sink_->take(std::move(draft_));
}

}  // namespace evodb
