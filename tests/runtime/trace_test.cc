#include "runtime/trace.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <mutex>
#include <optional>
#include <vector>

#include "failure.h"
#include "runtime/event_queue.h"
#include "runtime/run_on.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"
#include "runtime/when_all.h"

using namespace evodb;
using namespace std::chrono_literals;

namespace {

using kind = event::kind;

struct traced {
  std::shared_ptr<runtime> open(log_level highest) {
    thread_runtime_options of;
    of.io_threads = 2;
    of.highest_log_level = highest;
    of.on_event = [this](const event &one) {
      const std::lock_guard<std::mutex> held(state);
      told.push_back(one);
    };
    return make_thread_runtime(of);
  }

  /// Tells what is left, before it returns.
  static void close(std::shared_ptr<runtime> &environment) {
    environment->settle();
    environment.reset();
  }

  static task<> record(runtime &environment, log_level level, std::string message) {
    const executor here = co_await boost::asio::this_coro::executor;
    log_record made(environment, here, level, message);
    made.set("key", "value");
  }

  std::mutex state;
  std::vector<event> told;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(trace_test, traced)

BOOST_AUTO_TEST_CASE(all_that_one_operation_does_has_its_id) {
  auto environment = open(log_level::info);
  std::string id;
  for (int i = 0; i < 2; ++i) {
    run_to_end(environment, [&]() -> task<> {
      std::function<task<>(std::size_t)> body = [&](std::size_t n) -> task<> {
        auto work = [] {};
        co_await run_on(environment->cpu(), work);
        const executor here = co_await boost::asio::this_coro::executor;
        traced_span made(*environment, here, "part");
        made.set("number", static_cast<std::int64_t>(n));
        co_await environment->sleep(1ms);
        co_await record(*environment, log_level::info, "said");
      };
      co_await for_each_concurrently(3, 3, body);
    });
  }
  close(environment);
  BOOST_TEST_REQUIRE(told.size() == 2u * (2 + 3 * 3));
  BOOST_TEST((told[0].what == kind::span_started && told[0].name == "operation" && told[0].parent_id.empty()));
  for (std::size_t first : {std::size_t{0}, told.size() / 2}) {
    const event &operation = told[first];
    BOOST_TEST(operation.operation_id.size() == 32u);
    BOOST_TEST(operation.span_id.size() == 16u);
    for (std::size_t i = first; i < first + told.size() / 2; ++i) {
      BOOST_TEST(told[i].operation_id == operation.operation_id);
      if (told[i].what == kind::log) BOOST_TEST((told[i].span_id == operation.span_id && told[i].parent_id.empty()));
      if (told[i].name != "part") continue;
      BOOST_TEST(told[i].parent_id == operation.span_id);
      BOOST_TEST(told[i].span_id != operation.span_id);
      if (told[i].what == kind::span_started) continue;
      const auto start = std::find_if(told.begin(), told.end(), [&](const event &one) {
        return one.what == kind::span_started && one.span_id == told[i].span_id;
      });
      BOOST_TEST_REQUIRE((start != told.end()));
      BOOST_TEST(told[i].time_ns >= start->time_ns + 1'000'000);
      BOOST_TEST(told[i].attributes.at(0).first == "number");
    }
  }
  BOOST_TEST(told.front().operation_id != told.back().operation_id);
}

BOOST_AUTO_TEST_CASE(an_operation_that_fails_ends_with_its_error) {
  auto environment = open(log_level::none);
  CHECK_FAILS(run_to_end(environment,
                         []() -> task<> {
                           fail(status::NOT_FOUND, "nothing is here");
                           co_return;
                         }),
              status::NOT_FOUND);
  close(environment);
  BOOST_TEST_REQUIRE(told.size() == 2u);
  const auto &attributes = told[1].attributes;
  BOOST_TEST_REQUIRE(attributes.size() == 2u);
  BOOST_TEST(attributes[0].second == "NOT_FOUND");
  BOOST_TEST(attributes[1].second == "nothing is here");
}

BOOST_AUTO_TEST_CASE(records_above_the_level_are_not_told) {
  for (const log_level highest : {log_level::none, log_level::warning, log_level::debug}) {
    told.clear();
    auto environment = open(highest);
    run_to_end(environment, [&]() -> task<> {
      for (const log_level level : {log_level::error, log_level::warning, log_level::info, log_level::debug})
        co_await record(*environment, level, "said");
    });
    close(environment);
    const auto records =
        std::count_if(told.begin(), told.end(), [](const event &one) { return one.what == kind::log; });
    BOOST_TEST(records == static_cast<int>(highest));
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_carried_where_nobody_watches) {
  const auto environment = make_thread_runtime(thread_runtime_options());
  run_to_end(environment, [&]() -> task<> {
    const executor here = co_await boost::asio::this_coro::executor;
    BOOST_TEST(trace_of(here) == nullptr);
    BOOST_TEST(!traced_span(*environment, here, "part").is_wanted());
    BOOST_TEST(!log_record(*environment, here, log_level::error, "said").is_wanted());
  });
}

BOOST_AUTO_TEST_CASE(a_slow_listener_misses_events_and_is_told_so) {
  std::mutex busy;
  std::optional<event_queue> queue;  // outlives the threads that tell
  const auto environment = make_thread_runtime(thread_runtime_options());
  queue.emplace(environment->callbacks(), log_level::debug, [&](const event &one) {
    const std::lock_guard<std::mutex> wait(busy);
    told.push_back(one);
  });
  {
    const std::lock_guard<std::mutex> held(busy);
    for (std::size_t i = 0; i < event_queue::most_waiting + 100; ++i) queue->take(event());
  }
  queue->deliver_all();
  queue->take(event());
  queue->deliver_all();
  const auto gap = std::find_if(told.begin(), told.end(), [](const event &one) { return !one.name.empty(); });
  BOOST_TEST_REQUIRE((gap != told.end()));
  const std::size_t dropped = std::stoul(gap->attributes.at(0).second);
  BOOST_TEST((dropped == 99u || dropped == 100u));  // one may have been on its way
  BOOST_TEST(told.size() - 1 + dropped == event_queue::most_waiting + 101);
}

BOOST_AUTO_TEST_SUITE_END()
