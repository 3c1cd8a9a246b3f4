#include "runtime/deadline.h"

#include <stdexcept>

#include "failure.h"
#include "runtime/cancellation.h"
#include "runtime/operation.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"
#include "simulation/simulated_runtime.h"

using namespace evodb;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(deadline_test)

namespace {

/// What came of a body of that length with that limit, and when by the simulated clock.
struct outcome {
  bool is_in_time = false;
  std::chrono::nanoseconds took{};
};

outcome run_simulated(std::chrono::nanoseconds length, std::chrono::nanoseconds limit) {
  simulation::world in(1);
  const auto environment = std::make_shared<simulation::simulated_runtime>(in, in.new_process());
  outcome came;
  const auto body = [&]() -> task<std::shared_ptr<void>> {
    const steady_time begun = environment->steady_now();
    std::function<task<>()> sleeps = [&]() -> task<> { co_await environment->sleep(length); };
    came.is_in_time = co_await run_within(*environment, limit, std::move(sleeps));
    came.took = environment->steady_now() - begun;
    co_return nullptr;
  };
  const auto running = operation::start(environment, body);
  while (in.step()) {
  }
  BOOST_TEST(running->is_ready());
  BOOST_TEST(!running->failure());
  return came;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_limit_is_kept_exactly) {
  const outcome quick = run_simulated(3s, 5s);
  BOOST_TEST(quick.is_in_time);
  BOOST_TEST((quick.took == 3s));
  const outcome slow = run_simulated(1h, 5s);
  BOOST_TEST(!slow.is_in_time);
  BOOST_TEST((slow.took == 5s));
  BOOST_TEST(!run_simulated(1h, 0s).is_in_time);
}

BOOST_AUTO_TEST_CASE(what_the_body_throws_is_thrown_unless_it_was_cut_short) {
  const auto environment = make_thread_runtime(thread_runtime_options());
  CHECK_FAILS(run_to_end(environment,
                         [&]() -> task<> {
                           std::function<task<>()> body = []() -> task<> {
                             fail(status::NOT_FOUND, "nothing here");
                             co_return;
                           };
                           co_await run_within(*environment, 1h, std::move(body));
                         }),
              status::NOT_FOUND, "nothing here");
  const bool is_in_time = run_to_end(environment, [&]() -> task<bool> {
    std::function<task<>()> body = [&]() -> task<> {
      co_await ignore_cancellation();
      co_await environment->sleep(20ms);
      fail(status::CORRUPT, "of no interest");
    };
    co_return co_await run_within(*environment, 1ms, std::move(body));
  });
  BOOST_TEST(!is_in_time);
}

BOOST_AUTO_TEST_CASE(a_callers_cancellation_reaches_the_body) {
  const auto environment = make_thread_runtime(thread_runtime_options());
  const auto running = operation::start(environment, [&]() -> task<std::shared_ptr<void>> {
    std::function<task<>()> body = [&]() -> task<> { co_await environment->sleep(1h); };
    co_await run_within(*environment, 2h, std::move(body));
    co_return nullptr;
  });
  running->cancel();
  running->wait(-1);
  BOOST_TEST((running->failure() != nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
