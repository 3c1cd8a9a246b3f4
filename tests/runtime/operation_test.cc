#include "runtime/operation.h"

#include <limits>
#include <string>
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

using wait_result = operation::wait_result;

struct operations {
  operations() {
    thread_runtime_options options;
    options.io_threads = 2;
    environment = make_thread_runtime(options);
  }
  std::shared_ptr<runtime> environment;
};

/// A promise between threads of a test.
class flag {
 public:
  void set() { is_set_ = true; }
  bool wait() const {
    for (int i = 0; i < 60'000 && !is_set_; ++i) std::this_thread::sleep_for(1ms);
    return is_set_;
  }
  bool is_set() const { return is_set_; }

 private:
  std::atomic<bool> is_set_{false};
};

task<std::shared_ptr<void>> answer() {
  co_return std::make_shared<int>(42);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(operation_test, operations)

BOOST_AUTO_TEST_CASE(result_is_taken_once) {
  const auto running = operation::start(environment, answer);
  BOOST_TEST((running->wait(-1) == wait_result::ready));
  BOOST_TEST(running->is_ready());
  BOOST_TEST(!running->failure());
  BOOST_TEST(*std::static_pointer_cast<int>(running->take()) == 42);
  BOOST_TEST(!running->take());
}

BOOST_AUTO_TEST_CASE(failures_arrive) {
  const auto in_coroutine = []() -> task<std::shared_ptr<void>> {
    fail(status::NOT_FOUND, "not here");
    co_return nullptr;
  };
  const auto before_it = []() -> task<std::shared_ptr<void>> { fail(status::CONFLICT, "no coroutine was made"); };
  const auto first = operation::start(environment, in_coroutine);
  const auto second = operation::start(environment, before_it);
  first->wait(-1);
  second->wait(-1);
  CHECK_FAILS(std::rethrow_exception(first->failure()), status::NOT_FOUND);
  CHECK_FAILS(std::rethrow_exception(second->failure()), status::CONFLICT);
  BOOST_TEST(!first->take());
}

BOOST_AUTO_TEST_CASE(one_that_failed_before_it_began) {
  const auto why = std::make_exception_ptr(error(status::INVALID_ARGUMENT, "no"));
  const auto made = operation::failed(environment, why);
  BOOST_TEST((made->wait(0) == wait_result::ready));
  flag called;
  BOOST_TEST(made->on_ready([&] { called.set(); }));
  BOOST_TEST(called.wait());
  const auto without_runtime = operation::failed(nullptr, why);
  BOOST_TEST((without_runtime->wait(-1) == wait_result::ready));
  without_runtime->cancel();
  CHECK_FAILS(without_runtime->on_ready([] {}), status::INVALID_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(one_that_was_done_before_it_began) {
  const auto made = operation::done(environment);
  BOOST_TEST(made->is_ready());
  BOOST_TEST((made->wait(0) == wait_result::ready));
  BOOST_TEST(!made->failure());
  BOOST_TEST(!made->take());
  made->cancel();
  flag called;
  BOOST_TEST(made->on_ready([&] { called.set(); }));
  BOOST_TEST(called.wait());
}

BOOST_AUTO_TEST_CASE(waits_no_longer_than_told) {
  const auto running = operation::start(environment, [this]() -> task<std::shared_ptr<void>> {
    co_await environment->sleep(1h);
    co_return nullptr;
  });
  BOOST_TEST((running->wait(0) == wait_result::timed_out));
  BOOST_TEST((running->wait(5) == wait_result::timed_out));
  BOOST_TEST(!running->is_ready());
  running->cancel();
  BOOST_TEST((running->wait(std::numeric_limits<std::int64_t>::max()) == wait_result::ready));
}

BOOST_AUTO_TEST_CASE(cancelling_is_sticky_and_idempotent) {
  for (int round = 0; round < 200; ++round) {
    bool went_on = false;
    const auto running = operation::start(environment, [&]() -> task<std::shared_ptr<void>> {
      for (;;) {  // also where nothing that could be cancelled is under way
        auto work = [] {};
        co_await run_on(environment->cpu(), work);
      }
      went_on = true;
      co_return nullptr;
    });
    if (round % 2 == 0) std::this_thread::yield();
    running->cancel();
    running->cancel();
    BOOST_REQUIRE((running->wait(60'000) == wait_result::ready));
    running->cancel();
    BOOST_TEST(!went_on);
    CHECK_FAILS(std::rethrow_exception(running->failure()), status::CANCELLED);
  }
}

BOOST_AUTO_TEST_CASE(cancelled_too_late_keeps_the_result) {
  flag begun, go_on;
  const auto running = operation::start(environment, [&]() -> task<std::shared_ptr<void>> {
    co_await ignore_cancellation();
    auto work = [&] {
      begun.set();
      go_on.wait();
    };
    co_await run_on(environment->cpu(), work);
    co_await environment->sleep(1ms);
    co_return std::make_shared<bool>(co_await is_cancelled());
  });
  begun.wait();
  running->cancel();
  go_on.set();
  running->wait(-1);
  BOOST_TEST(!running->failure());
  BOOST_TEST(*std::static_pointer_cast<bool>(running->take()));
}

BOOST_AUTO_TEST_CASE(cancellation_cuts_a_sleep_short) {
  flag sleeping;
  const auto running = operation::start(environment, [&]() -> task<std::shared_ptr<void>> {
    sleeping.set();
    co_await environment->sleep(1h);
    co_return nullptr;
  });
  sleeping.wait();
  running->cancel();
  BOOST_TEST((running->wait(60'000) == wait_result::ready));
  CHECK_FAILS(std::rethrow_exception(running->failure()), status::CANCELLED);
}

BOOST_AUTO_TEST_CASE(callback_fires_once_on_its_own_thread_never_inside) {
  for (int round = 0; round < 200; ++round) {
    const auto running = operation::start(environment, answer);
    std::atomic<int> calls{0};
    std::thread::id where;
    std::mutex registering;
    flag called;
    {
      const std::lock_guard held(registering);
      BOOST_TEST(running->on_ready([&] {
        const std::lock_guard not_inside(registering);
        where = std::this_thread::get_id();
        ++calls;
        called.set();
      }));
    }
    BOOST_TEST(!running->on_ready([&] { calls += 100; }));
    BOOST_TEST(called.wait());
    BOOST_TEST((where != std::this_thread::get_id()));
    BOOST_TEST(calls == 1);
  }
}

BOOST_AUTO_TEST_CASE(waiting_on_the_runtimes_threads_is_refused) {
  const auto endless = operation::start(environment, [this]() -> task<std::shared_ptr<void>> {
    co_await environment->sleep(1h);
    co_return nullptr;
  });
  const auto ended = operation::start(environment, answer);
  ended->wait(-1);
  std::vector<wait_result> results;
  flag called;
  ended->on_ready([&] {
    results = {endless->wait(-1), endless->wait(5), ended->wait(-1)};
    called.set();
  });
  BOOST_TEST(called.wait());
  BOOST_TEST((results == std::vector{wait_result::would_deadlock, wait_result::would_deadlock, wait_result::ready}));
  const auto inside = run_to_end(environment, [&]() -> task<wait_result> { co_return endless->wait(-1); });
  BOOST_TEST((inside == wait_result::would_deadlock));
  // Another runtime's thread is no thread of this one.
  const auto other = make_thread_runtime(thread_runtime_options());
  const auto elsewhere = run_to_end(other, [&]() -> task<wait_result> { co_return endless->wait(1); });
  BOOST_TEST((elsewhere == wait_result::timed_out));
  endless->cancel();
  endless->wait(-1);
}

BOOST_AUTO_TEST_CASE(what_was_let_go_of_still_ends_and_keeps_the_runtime) {
  flag go_on, ended, called;
  const std::weak_ptr<runtime> watched = environment;
  auto running = operation::start(environment, [&, here = environment.get()]() -> task<std::shared_ptr<void>> {
    auto work = [&] { go_on.wait(); };
    co_await run_on(here->cpu(), work);
    ended.set();
    co_return nullptr;
  });
  running->on_ready([&] { called.set(); });
  running.reset();
  environment.reset();
  BOOST_TEST(!watched.expired());
  BOOST_TEST(!called.is_set());
  go_on.set();
  BOOST_TEST(called.wait());
  BOOST_TEST(ended.is_set());
  for (int i = 0; i < 60'000 && !watched.expired(); ++i) std::this_thread::sleep_for(1ms);
  BOOST_TEST(watched.expired());  // no cycle holds it
}

BOOST_AUTO_TEST_CASE(what_the_body_held_is_released_before_the_end_is_seen) {
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = held;
  const auto running = operation::start(environment, [held = std::move(held)]() -> task<std::shared_ptr<void>> {
    const std::shared_ptr<int> inside = held;
    co_return nullptr;
  });
  running->wait(-1);
  BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_CASE(many_from_many_threads) {
  std::atomic<int> calls{0}, ready{0};
  constexpr int each = 200, callers = 6;
  std::vector<std::thread> threads;
  for (int t = 0; t < callers; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < each; ++i) {
        const auto running = operation::start(environment, [this]() -> task<std::shared_ptr<void>> {
          co_await environment->sleep(1us);
          co_return nullptr;
        });
        running->on_ready([&] { ++calls; });
        if ((i + t) % 3 == 0) running->cancel();
        if (i % 2 == 0 && running->wait(-1) == wait_result::ready) ++ready;
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  for (int i = 0; i < 60'000 && calls < each * callers; ++i) std::this_thread::sleep_for(1ms);
  BOOST_TEST(calls == each * callers);
  BOOST_TEST(ready == each * callers / 2);
}

BOOST_AUTO_TEST_CASE(one_that_takes_too_long_ends_with_its_deadline_or_with_what_it_had_come_to) {
  thread_runtime_options of;
  of.operation_limit = 20ms;
  const auto limited = make_thread_runtime(of);
  const auto endless = [&]() -> task<> { co_await limited->sleep(1h); };
  CHECK_FAILS(run_to_end(limited, endless), status::DEADLINE_EXCEEDED, "20 ms");
  const auto stubborn = [&]() -> task<int> {
    co_await ignore_cancellation();
    co_await limited->sleep(40ms);
    co_return 42;
  };
  BOOST_TEST(run_to_end(limited, stubborn) == 42);
  const auto undecided = [&]() -> task<> {
    try {
      co_await limited->sleep(1h);
    } catch (const std::exception &) {
      fail(status::COMMIT_STATE_UNKNOWN, "it was sent");
    }
  };
  CHECK_FAILS(run_to_end(limited, undecided), status::COMMIT_STATE_UNKNOWN);
  const auto quick = []() -> task<int> { co_return 7; };
  BOOST_TEST(run_to_end(limited, quick) == 7);
}

BOOST_AUTO_TEST_SUITE_END()
