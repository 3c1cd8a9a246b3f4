#include "io/s3/refreshed_credentials.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <functional>
#include <utility>

#include "base/error.h"
#include "runtime/abandonable_call.h"
#include "runtime/async_semaphore.h"

namespace evodb {
namespace {

/// Before they expire; those that live shorter are used for three quarters of their life.
constexpr std::int64_t renewed_before_ms = std::int64_t{5} * 60 * 1000;

struct source : std::enable_shared_from_this<source> {
  source(std::shared_ptr<runtime> of, credentials_provider by) : environment(std::move(of)), ask(std::move(by)) {}

  const std::shared_ptr<runtime> environment;
  const credentials_provider ask;
  async_semaphore line{1};
  std::optional<expiring_credentials> last;  ///< under the line
  std::optional<std::int64_t> good_until_ms;

  task<credentials> get() {
    const async_semaphore::permit held = co_await line.acquire();
    if (last && (!good_until_ms || environment->now_ms() < *good_until_ms)) co_return last->by;
    using answer = std::optional<expiring_credentials>;
    std::function<answer()> work = [self = shared_from_this()] { return self->ask(); };
    std::function<void(std::function<void()>)> start = [by = environment->callbacks()](std::function<void()> run) {
      boost::asio::post(by, std::move(run));
    };
    std::optional<expiring_credentials> given =
        co_await call_abandonably<answer>(environment, std::move(work), std::move(start));
    if (!given) fail(status::ACCESS_DENIED, "the callback for credentials gave none");
    const std::int64_t now_ms = environment->now_ms();
    if (given->expires_at_ms && *given->expires_at_ms <= now_ms)
      fail(status::ACCESS_DENIED, "the callback for credentials gave some that have expired");
    good_until_ms.reset();
    if (given->expires_at_ms)
      good_until_ms = *given->expires_at_ms - std::min(renewed_before_ms, (*given->expires_at_ms - now_ms) / 4);
    given->by = tidied(std::move(given->by));
    last = std::move(given);
    co_return last->by;
  }
};

}  // namespace

credentials_source refreshed_credentials(std::shared_ptr<runtime> environment, credentials_provider ask) {
  const auto shared = std::make_shared<source>(std::move(environment), std::move(ask));
  return [shared]() -> task<credentials> { co_return co_await shared->get(); };
}

}  // namespace evodb
