#include "runtime/async_semaphore.h"

#include <atomic>
#include <thread>
#include <vector>

#include "failure.h"
#include "runtime/cancellation.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;
using namespace std::chrono_literals;

namespace {

struct semaphores {
  semaphores() {
    thread_runtime_options of;
    of.io_threads = 4;  // operations of different threads
    environment = make_thread_runtime(of);
  }

  std::shared_ptr<operation> start(operation::body body) { return operation::start(environment, std::move(body)); }

  void wait_for_waits(const async_semaphore &of, std::int64_t count) {
    while (of.waits() < count) std::this_thread::yield();
  }

  std::shared_ptr<runtime> environment;
};

struct inside {
  explicit inside(std::atomic<int> &count_) : count(count_) { ++count; }
  ~inside() { --count; }
  std::atomic<int> &count;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(async_semaphore_test, semaphores)

BOOST_AUTO_TEST_CASE(no_more_than_its_permits_are_in_at_a_time_and_all_come_in) {
  async_semaphore places(3);
  std::atomic<int> now{0}, most{0}, all{0};
  std::vector<std::shared_ptr<operation>> running;
  for (int i = 0; i < 200; ++i) {
    running.push_back(start([&]() -> task<std::shared_ptr<void>> {
      const async_semaphore::permit place = co_await places.acquire();
      const int seen = ++now;
      int before = most;
      while (before < seen && !most.compare_exchange_weak(before, seen)) continue;
      co_await environment->sleep(100us);
      --now;
      ++all;
      co_return nullptr;
    }));
  }
  for (const auto &one : running) one->wait(-1);
  BOOST_TEST(all == 200);
  BOOST_TEST(most == 3);
  BOOST_TEST(places.taken() == 0u);
  BOOST_TEST(places.waits() > 0);
}

BOOST_AUTO_TEST_CASE(a_cancelled_wait_ends_and_takes_no_place) {
  async_semaphore places(1);
  async_semaphore::permit held = places.acquire_at_once();
  const auto wait_in_line = [&]() -> task<std::shared_ptr<void>> {
    const async_semaphore::permit place = co_await places.acquire();
    co_return nullptr;
  };
  const auto given_up = start(wait_in_line);
  wait_for_waits(places, 1);
  const auto patient = start(wait_in_line);
  wait_for_waits(places, 2);
  given_up->cancel();
  given_up->wait(-1);
  CHECK_FAILS(std::rethrow_exception(given_up->failure()), status::CANCELLED);
  BOOST_TEST(!patient->is_ready());
  held = async_semaphore::permit();
  patient->wait(-1);
  BOOST_TEST(!patient->failure());
  BOOST_TEST(places.taken() == 0u);
}

BOOST_AUTO_TEST_CASE(whoever_ignores_its_cancellation_waits_on) {
  async_semaphore places(1);
  async_semaphore::permit held = places.acquire_at_once();
  const auto stubborn = start([&]() -> task<std::shared_ptr<void>> {
    co_await ignore_cancellation();
    const async_semaphore::permit place = co_await places.acquire();
    co_return nullptr;
  });
  wait_for_waits(places, 1);
  stubborn->cancel();
  BOOST_TEST((stubborn->wait(20) == operation::wait_result::timed_out));
  held = async_semaphore::permit();
  stubborn->wait(-1);
  BOOST_TEST(!stubborn->failure());
}

BOOST_AUTO_TEST_CASE(places_that_are_given_up_and_taken_at_the_same_time_are_neither_lost_nor_doubled) {
  async_semaphore places(2);
  std::atomic<int> now{0};
  std::vector<std::shared_ptr<operation>> running;
  for (int i = 0; i < 400; ++i) {
    running.push_back(start([&]() -> task<std::shared_ptr<void>> {
      const async_semaphore::permit place = co_await places.acquire();
      const inside one(now);
      if (now > 2) throw std::logic_error("three are in");
      co_await environment->sleep(20us);
      co_return nullptr;
    }));
    if (i % 2 == 0) running[running.size() / 2]->cancel();
  }
  for (const auto &one : running) {
    one->wait(-1);
    if (one->failure()) CHECK_FAILS(std::rethrow_exception(one->failure()), status::CANCELLED);
  }
  BOOST_TEST(places.taken() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
