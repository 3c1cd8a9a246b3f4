#include "runtime/when_all.h"

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <vector>

#include "failure.h"
#include "runtime/cancellation.h"
#include "runtime/run_on.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;
using namespace std::chrono_literals;

namespace {

struct several {
  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(when_all_test, several)

BOOST_AUTO_TEST_CASE(runs_each_once_and_no_more_than_the_limit_at_a_time) {
  for (const std::size_t limit : {0u, 1u, 3u, 100u, 5000u}) {
    std::vector<int> runs(1000);
    std::size_t now = 0, most = 0;
    run_to_end(environment, [&]() -> task<> {
      std::function<task<>(std::size_t)> body = [&](std::size_t i) -> task<> {
        most = std::max(most, ++now);
        auto work = [] {};
        if (i % 3 != 0) co_await run_on(environment->cpu(), work);  // some end at once
        ++runs[i];
        --now;
      };
      co_await for_each_concurrently(runs.size(), limit, body);
    });
    BOOST_TEST(std::all_of(runs.begin(), runs.end(), [](int n) { return n == 1; }));
    BOOST_TEST(most <= std::max<std::size_t>(limit, 1));
    if (limit == 3) BOOST_TEST(most == 3u);
  }
}

BOOST_AUTO_TEST_CASE(nothing_to_do_ends_at_once) {
  run_to_end(environment, []() -> task<> {
    std::function<task<>(std::size_t)> body = [](std::size_t) -> task<> { throw std::logic_error("called"); };
    co_await for_each_concurrently(0, 5, std::move(body));
  });
  BOOST_TEST(true);  // came here
}

BOOST_AUTO_TEST_CASE(first_failure_stops_new_ones_and_is_thrown_after_the_rest) {
  std::vector<std::size_t> started, ended;
  const auto run = [&]() -> task<> {
    std::function<task<>(std::size_t)> body = [&](std::size_t i) -> task<> {
      started.push_back(i);
      if (i == 2) fail(status::NOT_FOUND, "the third");
      co_await environment->sleep(20ms);
      ended.push_back(i);
      if (i == 1) fail(status::CORRUPT, "later");
    };
    co_await for_each_concurrently(100, 4, body);
  };
  CHECK_FAILS(run_to_end(environment, run), status::NOT_FOUND, "the third");
  BOOST_TEST(started.size() <= 4u);
  BOOST_TEST(ended.size() == started.size() - 1);
}

BOOST_AUTO_TEST_CASE(cancellation_reaches_the_children) {
  int cut_short = 0;
  std::atomic<int> waiting{0};
  const auto body = [&]() -> task<std::shared_ptr<void>> {
    std::function<task<>(std::size_t)> child = [&](std::size_t) -> task<> {
      ++waiting;
      try {
        co_await environment->sleep(1h);
      } catch (const error &e) {
        if (e.code() == status::CANCELLED) ++cut_short;
        throw;
      }
    };
    co_await for_each_concurrently(100, 8, child);
    co_return nullptr;
  };
  const std::shared_ptr<operation> running = operation::start(environment, body);
  while (waiting < 8) std::this_thread::yield();
  running->cancel();
  BOOST_TEST((running->wait(60'000) == operation::wait_result::ready));
  CHECK_FAILS(std::rethrow_exception(running->failure()), status::CANCELLED);
  BOOST_TEST(cut_short == 8);
  BOOST_TEST(waiting == 8);
}

BOOST_AUTO_TEST_CASE(children_of_one_that_ignores_cancellation_go_on) {
  std::atomic<bool> is_waiting{false};
  int ended = 0;
  bool was_told = false;
  const auto body = [&]() -> task<std::shared_ptr<void>> {
    co_await ignore_cancellation();
    std::function<task<>(std::size_t)> child = [&](std::size_t) -> task<> {
      is_waiting = true;
      co_await environment->sleep(10ms);
      ++ended;
    };
    co_await for_each_concurrently(6, 2, child);
    was_told = co_await is_cancelled();
    co_await throw_if_cancelled();
    co_await environment->sleep(1h);
    co_return nullptr;
  };
  const std::shared_ptr<operation> running = operation::start(environment, body);
  while (!is_waiting) std::this_thread::yield();
  running->cancel();
  BOOST_TEST((running->wait(60'000) == operation::wait_result::ready));
  BOOST_TEST(ended == 6);
  BOOST_TEST(was_told);
  CHECK_FAILS(std::rethrow_exception(running->failure()), status::CANCELLED);
}

BOOST_AUTO_TEST_CASE(nests) {
  int leaves = 0;
  run_to_end(environment, [&]() -> task<> {
    std::function<task<>(std::size_t)> leaf = [&](std::size_t) -> task<> {
      auto work = [] {};
      co_await run_on(environment->cpu(), work);
      ++leaves;
    };
    std::function<task<>(std::size_t)> branch = [&](std::size_t) -> task<> {
      co_await for_each_concurrently(10, 3, leaf);
    };
    co_await for_each_concurrently(10, 4, branch);
  });
  BOOST_TEST(leaves == 100);
}

BOOST_AUTO_TEST_SUITE_END()
