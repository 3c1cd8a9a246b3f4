// Nothing in the house may keep a test from replacing the runtime by one thread, virtual time and a seeded choice.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "failure.h"
#include "io/memory_store.h"
#include "runtime/operation.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"

using namespace evodb;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

class simulation : public asio::execution_context {
 public:
  explicit simulation(std::uint64_t seed) : random(seed) {}
  ~simulation() {
    ready.clear();
    sleeping.clear();
    shutdown();
  }

  /// What runs next is chosen by the seed; when nothing is ready, time goes on.
  bool step() {
    if (ready.empty()) {
      if (sleeping.empty()) return false;
      now = sleeping.begin()->first;
      ready.push_back(std::move(sleeping.begin()->second));
      sleeping.erase(sleeping.begin());
    }
    const std::size_t chosen = random() % ready.size();
    const std::function<void()> next = std::move(ready[chosen]);
    ready.erase(ready.begin() + static_cast<std::ptrdiff_t>(chosen));
    next();
    return true;
  }

  std::mt19937_64 random;
  steady_time now{};
  std::vector<std::function<void()>> ready;
  std::multimap<steady_time, std::function<void()>> sleeping;
};

struct simulated_executor {
  simulation *where;

  simulation &query(asio::execution::context_t) const noexcept { return *where; }
  static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
    return asio::execution::blocking.never;
  }
  simulated_executor require(asio::execution::blocking_t::never_t) const noexcept { return *this; }
  template <typename Handler>
  void execute(Handler handler) const {
    const auto shared = std::make_shared<Handler>(std::move(handler));
    where->ready.push_back([shared] { std::move (*shared)(); });
  }
  bool operator==(const simulated_executor &) const noexcept = default;
};

class simulated_runtime final : public runtime {
 public:
  explicit simulated_runtime(std::uint64_t seed) : world_(seed) {}

  executor io() override { return simulated_executor{&world_}; }
  executor cpu() override { return simulated_executor{&world_}; }
  executor blocking() override { return simulated_executor{&world_}; }
  executor callbacks() override { return simulated_executor{&world_}; }
  int cpu_threads() const noexcept override { return 2; }
  std::int64_t now_ms() override { return 1'000'000 + world_.now.time_since_epoch() / 1ms; }
  steady_time steady_now() override { return world_.now; }
  task<> sleep(std::chrono::nanoseconds duration) override {
    bool is_cancelled = false;
    auto initiation = [&](auto handler) {
      const auto slot = asio::get_associated_cancellation_slot(handler);
      const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      const auto timer = world_.sleeping.emplace(world_.now + duration, [shared] { std::move (*shared)(); });
      if (!slot.is_connected()) return;
      asio::cancellation_slot(slot).assign([this, timer, &is_cancelled](asio::cancellation_type) {
        if (std::exchange(is_cancelled, true)) return;
        world_.ready.push_back(std::move(timer->second));
        world_.sleeping.erase(timer);
      });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiation, asio::use_awaitable);
    if (is_cancelled) fail(status::CANCELLED, "cancelled");
  }
  void random(std::span<std::uint8_t> out) override {
    for (std::uint8_t &byte : out) byte = static_cast<std::uint8_t>(world_.random());
  }
  memory_budget &memory() noexcept override { return memory_; }
  bool owns_this_thread() const noexcept override { return true; }

  simulation &world() noexcept { return world_; }

 private:
  simulation world_;
  memory_budget memory_{1 << 20};
};

/// Eight writers race for slots of a store; the log tells in which order everything happened.
std::string race(std::uint64_t seed) {
  const auto environment = std::make_shared<simulated_runtime>(seed);
  const auto store = make_memory_store(environment, "simulated");
  std::string log;
  const auto body = [&]() -> task<std::shared_ptr<void>> {
    std::function<task<>(std::size_t)> writer = [&](std::size_t number) -> task<> {
      const auto pause = std::chrono::milliseconds(environment->random_u64() % 50);
      co_await environment->sleep(pause);
      auto work = [number] { return std::to_string(number); };
      const std::string text = co_await run_on(environment->cpu(), work);
      for (int slot = 0;; ++slot) {
        auto content = std::make_shared<const bytes>(text);
        put_options options(put_condition(put_condition::kind::if_absent));
        const put_outcome outcome = co_await store->put(std::to_string(slot), std::move(content), std::move(options));
        if (outcome.what == put_outcome::kind::done) break;
        auto nothing = [] {};
        co_await run_on(environment->blocking(), nothing);
      }
      log += text + "@" + std::to_string(environment->now_ms()) + " ";
    };
    co_await for_each_concurrently(8, 5, writer);
    listing all = co_await store->list(list_options());
    co_return std::make_shared<std::size_t>(all.objects.size());
  };
  const auto running = operation::start(environment, body);
  running->on_ready([&] { log += "ready"; });
  BOOST_TEST((running->wait(-1) == operation::wait_result::would_deadlock));
  while (environment->world().step()) {
  }
  BOOST_REQUIRE(running->is_ready());
  BOOST_TEST(!running->failure());
  BOOST_TEST(*std::static_pointer_cast<std::size_t>(running->take()) == 8u);
  return log;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(replaceable_runtime_test)

BOOST_AUTO_TEST_CASE(a_seed_repeats_exactly) {
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::string log = race(seed);
    BOOST_TEST(log.ends_with("ready"));
    BOOST_TEST(log == race(seed));
    ++seen[log];
  }
  BOOST_TEST(seen.size() > 40u);  // and seeds differ
}

BOOST_AUTO_TEST_CASE(hours_pass_at_once_and_cancellation_is_found_whenever_it_comes) {
  std::set<int> outcomes;
  for (int steps = 0; steps < 20; ++steps) {
    const auto environment = std::make_shared<simulated_runtime>(7);
    int naps = 0;
    const auto body = [&]() -> task<std::shared_ptr<void>> {
      for (; naps < 5; ++naps) co_await environment->sleep(1h);
      co_return nullptr;
    };
    const auto running = operation::start(environment, body);
    for (int i = 0; i < steps && environment->world().step(); ++i) {
    }
    running->cancel();
    while (environment->world().step()) {
    }
    BOOST_REQUIRE(running->is_ready());
    if (naps == 5) {  // too late for it
      BOOST_TEST(!running->failure());
    } else {
      BOOST_REQUIRE(running->failure());
      CHECK_FAILS(std::rethrow_exception(running->failure()), status::CANCELLED);
    }
    outcomes.insert(naps);
  }
  BOOST_TEST(outcomes.contains(0));
  BOOST_TEST(outcomes.contains(5));
}

BOOST_AUTO_TEST_CASE(what_has_not_ended_can_be_dropped) {
  for (int steps = 0; steps < 60; ++steps) {
    const auto held = std::make_shared<int>(0);
    {
      simulated_runtime environment(3);
      auto writers = [](simulated_runtime *here, std::shared_ptr<int> keeps) -> task<> {
        std::function<task<>(std::size_t)> child = [here, keeps](std::size_t) -> task<> {
          co_await here->sleep(1s);
          auto work = [keeps] { ++*keeps; };
          co_await run_on(here->cpu(), work);
        };
        co_await for_each_concurrently(4, 2, child);
      };
      asio::co_spawn(environment.io(), writers(&environment, held), [](std::exception_ptr) {});
      for (int i = 0; i < steps && environment.world().step(); ++i) {
      }
      // Dropping posts what is left of the frames.
      while (!environment.world().ready.empty() || !environment.world().sleeping.empty()) {
        const auto ready = std::exchange(environment.world().ready, {});
        const auto sleeping = std::exchange(environment.world().sleeping, {});
      }
    }
    BOOST_TEST(held.use_count() == 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()
