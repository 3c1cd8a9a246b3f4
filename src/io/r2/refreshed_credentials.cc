#include "io/r2/refreshed_credentials.h"

#include <algorithm>

#include <utility>

#include "base/error.h"
#include "runtime/async_semaphore.h"
#include "runtime/run_on.h"

namespace evodb::r2 {
namespace {

/// Before they expire; those that live shorter are used for three quarters of their life.
constexpr std::int64_t renewed_before_ms = std::int64_t{5} * 60 * 1000;

struct source {
  source(std::shared_ptr<runtime> of, credentials_provider by) : environment(std::move(of)), ask(std::move(by)) {}

  const std::shared_ptr<runtime> environment;
  const credentials_provider ask;
  async_semaphore line{1};
  std::optional<expiring_credentials> last;  ///< under the line
  std::optional<std::int64_t> good_until_ms;

  task<credentials> get() {
    const async_semaphore::permit held = co_await line.acquire();
    if (last && (!good_until_ms || environment->now_ms() < *good_until_ms)) co_return last->by;
    auto work = [this] { return ask(); };
    std::optional<expiring_credentials> given = co_await run_on(environment->callbacks(), std::move(work));
    if (!given) fail(status::ACCESS_DENIED, "the callback for credentials gave none");
    const std::int64_t now_ms = environment->now_ms();
    if (given->expires_at_ms && *given->expires_at_ms <= now_ms)
      fail(status::ACCESS_DENIED, "the callback for credentials gave some that have expired");
    good_until_ms.reset();
    if (given->expires_at_ms)
      good_until_ms = *given->expires_at_ms - std::min(renewed_before_ms, (*given->expires_at_ms - now_ms) / 4);
    last = std::move(given);
    co_return last->by;
  }
};

}  // namespace

credentials_source refreshed_credentials(std::shared_ptr<runtime> environment, credentials_provider ask) {
  const auto shared = std::make_shared<source>(std::move(environment), std::move(ask));
  return [shared]() -> task<credentials> { co_return co_await shared->get(); };
}

}  // namespace evodb::r2
