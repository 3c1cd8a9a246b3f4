#include "io/r2/http_client.h"

#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "base/error.h"
#include "runtime/deadline.h"
#include "runtime/trace.h"

namespace evodb::r2 {
namespace {

double seconds(std::chrono::nanoseconds of) {
  return std::chrono::duration<double>(of).count();
}

}  // namespace

http_client::http_client(std::weak_ptr<runtime> environment, std::shared_ptr<dialer> by, endpoint to, limits within)
    : environment_(std::move(environment)),
      dialer_(std::move(by)),
      to_(std::move(to)),
      within_(within),
      in_use_(within.connections),
      idle_(within.idle_connections, within.longest_idle) {}

task<std::unique_ptr<byte_stream>> http_client::connect(runtime &environment) {
  const executor here = co_await boost::asio::this_coro::executor;
  std::unique_ptr<byte_stream> made;
  std::function<task<>()> body = [&]() -> task<> {
    endpoint to = to_;
    made = co_await dialer_->dial(std::move(to));
    ++connections_opened_;
    log_record told(environment, here, log_level::debug, "connected");
    told.set("server.address", to_.host_header());
  };
  const bool is_in_time = co_await run_within(environment, within_.connect, std::move(body));
  if (!is_in_time)
    fail(status::STORAGE_UNAVAILABLE,
         fmt::format("no connection to {} within {} s", to_.host_header(), seconds(within_.connect)),
         to_.host_header());
  co_return made;
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
  const bool is_in_time = co_await run_within(*environment, within_.exchange, std::move(body));
  if (!is_in_time)
    fail(status::STORAGE_UNAVAILABLE,
         fmt::format("no whole answer from {} within {} s", to_.host_header(), seconds(within_.exchange)),
         to_.host_header());
  if (answer.keeps_alive) idle_.give_back(here, std::move(with), environment->steady_now());
  co_return answer;
}

}  // namespace evodb::r2
