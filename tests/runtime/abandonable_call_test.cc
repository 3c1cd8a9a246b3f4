#include "runtime/abandonable_call.h"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "failure.h"
#include "runtime/operation.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(abandonable_call_test)

namespace {

/// Calls that hang until it goes.
class hung_calls {
 public:
  hung_calls() = default;
  hung_calls(const hung_calls &) = delete;
  hung_calls &operator=(const hung_calls &) = delete;
  ~hung_calls() { over_.set_value(); }

  std::function<int()> call() {
    return [until = until_, begun = begun_] {
      ++*begun;
      until.wait();
      return 1;
    };
  }
  void wait_until_begun(int count) const {
    while (*begun_ < count) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  int begun() const { return *begun_; }

 private:
  std::promise<void> over_;
  std::shared_future<void> until_ = over_.get_future().share();
  std::shared_ptr<std::atomic<int>> begun_ = std::make_shared<std::atomic<int>>(0);
};

std::shared_ptr<runtime> with_threads(int count) {
  thread_runtime_options options;
  options.blocking_threads = count;
  options.hung_after = std::chrono::milliseconds(20);
  return make_thread_runtime(options);
}

std::shared_ptr<operation> start(const std::shared_ptr<runtime> &environment, std::function<int()> call) {
  return operation::start(environment, [call, environment]() -> task<std::shared_ptr<void>> {
    const int got = co_await call_blocking(environment, call);
    co_return std::make_shared<int>(got);
  });
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_call_that_hangs_is_left_when_the_operation_is_cancelled) {
  hung_calls hung;
  const auto environment = with_threads(1);
  const auto running = start(environment, hung.call());
  hung.wait_until_begun(1);
  running->cancel();
  running->wait(-1);
  CHECK_FAILS(std::rethrow_exception(running->failure()), status::CANCELLED);
}

BOOST_AUTO_TEST_CASE(whether_a_call_that_was_left_had_begun_is_seen) {
  hung_calls hung;
  const auto environment = with_threads(1);
  std::optional<int> got = 7;
  const auto left = operation::start(environment, [&]() -> task<std::shared_ptr<void>> {
    got = co_await call_blocking_or_leave(environment, hung.call());
    co_return nullptr;
  });
  hung.wait_until_begun(1);
  hung_calls second;
  const auto queued = start(environment, second.call());
  queued->cancel();
  queued->wait(-1);
  CHECK_FAILS(std::rethrow_exception(queued->failure()), status::CANCELLED);
  left->cancel();
  left->wait(-1);
  BOOST_TEST(!left->failure());
  BOOST_TEST(!got.has_value());
  // Another call passes the two, and the one that had not begun never did.
  auto answer = [] { return 42; };
  BOOST_TEST(run_to_end(environment, [&] { return call_blocking(environment, answer); }) == 42);
  BOOST_TEST(second.begun() == 0);
}

BOOST_AUTO_TEST_CASE(calls_that_hang_do_not_hold_up_others) {
  hung_calls hung;
  const auto environment = with_threads(2);
  std::vector<std::shared_ptr<operation>> hanging;
  for (int i = 0; i < 5; ++i) hanging.push_back(start(environment, hung.call()));
  auto answer = [] { return std::string("an answer"); };
  BOOST_TEST(run_to_end(environment, [&] { return call_blocking(environment, answer); }) == "an answer");
  BOOST_TEST(hung.begun() == 5);
  for (const auto &one : hanging) one->cancel();
  for (const auto &one : hanging) one->wait(-1);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_runtime_does_not_wait_for_calls_that_hang) {
  hung_calls hung;
  auto environment = with_threads(1);
  const std::weak_ptr<runtime> watched = environment;
  auto running = start(environment, hung.call());
  hung.wait_until_begun(1);
  running->cancel();
  running->wait(-1);
  running.reset();
  environment.reset();
  while (!watched.expired()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

BOOST_AUTO_TEST_CASE(what_a_call_owns_is_destroyed_where_it_ran) {
  const auto environment = with_threads(1);
  std::thread::id ran, destroyed;
  auto owned = std::shared_ptr<int>(new int(3), [&destroyed](const int *one) {
    destroyed = std::this_thread::get_id();
    delete one;
  });
  auto call = [owned = std::move(owned), &ran] {
    ran = std::this_thread::get_id();
    return *owned;
  };
  BOOST_TEST(run_to_end(environment, [&] { return call_blocking(environment, std::move(call)); }) == 3);
  BOOST_TEST((ran == destroyed));
}

BOOST_AUTO_TEST_CASE(failures_of_a_call_are_brought_back) {
  const auto environment = with_threads(1);
  auto call = []() -> int { fail(status::CORRUPT, "broken there"); };
  CHECK_FAILS(run_to_end(environment, [&] { return call_blocking(environment, call); }), status::CORRUPT,
              "broken there");
}

BOOST_AUTO_TEST_SUITE_END()
