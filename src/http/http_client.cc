#include "http/http_client.h"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "base/error.h"
#include "runtime/deadline.h"
#include "runtime/trace.h"

namespace evodb {
namespace {

double seconds(std::chrono::nanoseconds of) {
  return std::chrono::duration<double>(of).count();
}

constexpr std::chrono::seconds waited_long{5};

/// A warning of what keeps a request waiting, as `awaited` then says; empty: nothing does.
late_notice warning_of(runtime &environment, const executor &here, std::function<std::string()> awaited) {
  if (environment.events() == nullptr) return {};
  auto warn = [&environment, here, awaited = std::move(awaited)] {
    const std::string what = awaited();
    if (what.empty()) return;
    log_record record(environment, here, log_level::warning, "a server lets wait for its answer");
    record.set("evodb.waiting.for", what);
  };
  return {waited_long, std::move(warn)};
}

/// Rethrows what ended a wait; a cancellation with what was waited for.
[[noreturn]] void end_wait(const error &why, const std::string &awaited) {
  if (why.code() != status::CANCELLED || awaited.empty()) throw why;
  fail(status::CANCELLED, "cancelled while waiting for " + awaited);
}

}  // namespace

http_client::http_client(std::weak_ptr<runtime> environment, std::shared_ptr<dialer> by, origin to, limits within)
    : environment_(std::move(environment)),
      dialer_(std::move(by)),
      to_(std::move(to)),
      within_(within),
      in_use_(within.connections),
      idle_(within.idle_connections, within.longest_idle) {}

task<std::unique_ptr<byte_stream>> http_client::connect(runtime &environment) {
  const executor here = co_await boost::asio::this_coro::executor;
  std::unique_ptr<byte_stream> made;
  dial_progress progress;
  std::function<task<>()> body = [&]() -> task<> {
    origin to = to_;
    made = co_await dialer_->dial(std::move(to), progress);
    ++connections_opened_;
    log_record record(environment, here, log_level::debug, "connected");
    record.set("server.address", to_.host_header());
  };
  late_notice notice = warning_of(environment, here, [&progress] { return progress.awaited; });
  bool is_in_time = false;
  try {
    is_in_time = co_await run_within(environment, within_.connect, std::move(body), std::move(notice));
  } catch (const error &why) {
    end_wait(why, progress.awaited);
  }
  if (!is_in_time)
    fail(status::STORAGE_UNAVAILABLE,
         fmt::format("no connection to {} within {} s{}", to_.host_header(), seconds(within_.connect),
                     progress.awaited.empty() ? "" : ": waited for " + progress.awaited),
         to_.host_header());
  co_return made;
}

std::string http_client::awaited(const exchange_progress &so_far) const {
  const std::string host = to_.host_header() + dialer_->way_to(to_);
  if (!so_far.is_whole) return "a request to be taken by " + host;
  return (so_far.has_answer ? "the rest of an answer of " : "an answer of ") + host;
}

task<http_answer> http_client::send(const http_request &request, std::int64_t largest_body,
                                    exchange_progress &progress) {
  const std::shared_ptr<runtime> environment = environment_.lock();
  const executor here = co_await boost::asio::this_coro::executor;
  const async_semaphore::permit place = co_await in_use_.acquire();
  std::unique_ptr<byte_stream> with = idle_.take(here, environment->steady_now());
  if (!with) with = co_await connect(*environment);
  http_answer answer;
  std::function<task<>()> body = [&]() -> task<> {
    answer = co_await exchange(*with, request, largest_body, progress);
  };
  late_notice notice = warning_of(*environment, here, [this, &progress] {
    const bool is_silent = progress.is_whole && !progress.has_answer;
    return is_silent ? awaited(progress) : std::string();
  });
  bool is_in_time = false;
  try {
    is_in_time = co_await run_within(*environment, within_.exchange, std::move(body), std::move(notice));
  } catch (const error &why) {
    end_wait(why, awaited(progress));
  }
  if (!is_in_time)
    fail(status::STORAGE_UNAVAILABLE,
         fmt::format("no whole answer from {} within {} s{}", to_.host_header(), seconds(within_.exchange),
                     dialer_->way_to(to_)),
         to_.host_header());
  if (answer.keeps_alive) idle_.give_back(here, std::move(with), environment->steady_now());
  co_return answer;
}

}  // namespace evodb
