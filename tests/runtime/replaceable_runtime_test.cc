// Nothing in the house may keep a test from replacing the runtime by one thread, virtual time and a seeded choice.
#include <boost/asio/co_spawn.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "failure.h"
#include "io/memory_store.h"
#include "runtime/abandonable_call.h"
#include "runtime/operation.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "simulation/simulated_runtime.h"

using namespace evodb;
using simulation::simulated_runtime;
using simulation::world;
using namespace std::chrono_literals;
namespace asio = boost::asio;

BOOST_AUTO_TEST_SUITE(replaceable_runtime_test)

namespace {

/// Eight writers race for slots of a store; the log tells in which order everything happened.
std::string race(std::uint64_t seed) {
  world here(seed);
  const auto environment = std::make_shared<simulated_runtime>(here, here.new_process());
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
        co_await call_blocking(environment, nothing);
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
  while (here.step()) {
  }
  BOOST_REQUIRE(running->is_ready());
  BOOST_TEST(!running->failure());
  BOOST_TEST(*std::static_pointer_cast<std::size_t>(running->take()) == 8u);
  return log;
}

}  // namespace

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
    world here(7);
    const auto environment = std::make_shared<simulated_runtime>(here, here.new_process());
    int naps = 0;
    const auto body = [&]() -> task<std::shared_ptr<void>> {
      for (; naps < 5; ++naps) co_await environment->sleep(1h);
      co_return nullptr;
    };
    const auto running = operation::start(environment, body);
    for (int i = 0; i < steps && here.step(); ++i) {
    }
    running->cancel();
    while (here.step()) {
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
      world here(3);
      simulated_runtime environment(here, here.new_process());
      auto writers = [](simulated_runtime *on, std::shared_ptr<int> keeps) -> task<> {
        std::function<task<>(std::size_t)> child = [on, keeps](std::size_t) -> task<> {
          co_await on->sleep(1s);
          auto work = [keeps] { ++*keeps; };
          co_await run_on(on->cpu(), work);
        };
        co_await for_each_concurrently(4, 2, child);
      };
      asio::co_spawn(environment.io(), writers(&environment, held), [](std::exception_ptr) {});
      for (int i = 0; i < steps && here.step(); ++i) {
      }
      // A crash: dropping posts what is left of the frames, and that is dropped too.
      here.kill(environment.process());
    }
    BOOST_TEST(held.use_count() == 1, "after " << steps << " steps: " << held.use_count());
  }
}

BOOST_AUTO_TEST_SUITE_END()
