#include "runtime/run_on.h"

#include <memory>
#include <string>
#include <thread>

#include "failure.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

namespace {

struct executors {
  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
};

struct only_movable {
  explicit only_movable(int v) : value(std::make_unique<int>(v)) {}
  std::unique_ptr<int> value;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(run_on_test, executors)

BOOST_AUTO_TEST_CASE(works_elsewhere_and_comes_back) {
  std::thread::id before, during, after;
  run_to_end(environment, [&]() -> task<> {
    before = std::this_thread::get_id();
    auto work = [&] { during = std::this_thread::get_id(); };
    co_await run_on(environment->cpu(), work);
    after = std::this_thread::get_id();
  });
  BOOST_TEST((before == after));
  BOOST_TEST((before != during));
}

BOOST_AUTO_TEST_CASE(brings_values_without_default_or_copy) {
  const only_movable got = run_to_end(environment, [&]() -> task<only_movable> {
    auto input = std::make_unique<int>(41);
    auto work = [input = std::move(input)]() mutable { return only_movable(*input + 1); };
    co_return co_await run_on(environment->cpu(), std::move(work));
  });
  BOOST_TEST(*got.value == 42);
}

BOOST_AUTO_TEST_CASE(brings_exceptions) {
  const auto failing = [&]() -> task<> {
    auto work = []() -> int { fail(status::CORRUPT, "broken there"); };
    co_await run_on(environment->cpu(), work);
  };
  CHECK_FAILS(run_to_end(environment, failing), status::CORRUPT, "broken there");
}

BOOST_AUTO_TEST_CASE(cancellation_waits_for_the_work) {
  std::atomic<bool> is_working{false}, may_end{false}, has_ended{false}, was_seen{false};
  const auto body = [&]() -> task<std::shared_ptr<void>> {
    std::string held = "lives in the coroutine's frame, too long to be kept inside of a string object";
    auto work = [&] {
      is_working = true;
      while (!may_end) std::this_thread::yield();
      has_ended = held.size() > 40;
      return held.size();
    };
    const std::size_t got = co_await run_on(environment->cpu(), work);
    was_seen = got == held.size();
    auto nothing = [] {};
    co_await run_on(environment->cpu(), nothing);
    BOOST_ERROR("the next wait must fail");
    co_return nullptr;
  };
  const std::shared_ptr<operation> running = operation::start(environment, body);
  while (!is_working) std::this_thread::yield();
  running->cancel();
  BOOST_TEST((running->wait(20) == operation::wait_result::timed_out));
  may_end = true;
  BOOST_TEST((running->wait(-1) == operation::wait_result::ready));
  BOOST_TEST(has_ended);
  BOOST_TEST(was_seen);
  CHECK_FAILS(std::rethrow_exception(running->failure()), status::CANCELLED);
}

BOOST_AUTO_TEST_SUITE_END()
