#include "runtime/weighed_cache.h"

#include <atomic>
#include <thread>
#include <vector>

#include "failure.h"
#include "runtime/operation.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

namespace {

struct caches {
  caches() {
    thread_runtime_options of;
    of.io_threads = 3;  // callers of different threads
    environment = make_thread_runtime(of);
  }

  using text = std::shared_ptr<const std::string>;

  /// A load that waits until `gate` is open, and says how many have begun.
  weighed_cache::loader loader(std::string value, std::int64_t bytes = 10) {
    return [this, value = std::move(value), bytes]() -> task<weighed_cache::weighed> {
      ++loads;
      { const async_semaphore::permit open = co_await gate.acquire(); }
      if (fails.exchange(false)) fail(status::STORAGE_UNAVAILABLE, "no answer");
      co_return weighed_cache::weighed{std::make_shared<const std::string>(value), bytes};
    };
  }
  std::shared_ptr<operation> start(weighed_cache &cache, std::string key, weighed_cache::loader load) {
    return operation::start(environment, [&cache, key, load]() -> task<std::shared_ptr<void>> {
      std::shared_ptr<const void> got = co_await cache.get(key, load);
      co_return std::const_pointer_cast<void>(got);
    });
  }
  static std::string value_of(const std::shared_ptr<operation> &of) {
    of->wait(-1);
    if (of->failure()) std::rethrow_exception(of->failure());
    return *std::static_pointer_cast<const std::string>(of->take());
  }
  std::string get(weighed_cache &cache, const std::string &key, const std::string &value) {
    return value_of(start(cache, key, loader(value)));
  }
  static void put(weighed_cache &cache, const std::string &key, std::int64_t bytes) {
    cache.put(key, {std::make_shared<const std::string>(key), bytes});
  }
  void wait_for_loads(int count) const {
    while (loads < count) std::this_thread::yield();
  }

  std::atomic<int> loads{0};
  std::atomic<bool> fails{false};
  async_semaphore gate{1};
  std::shared_ptr<runtime> environment;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(weighed_cache_test, caches)

BOOST_AUTO_TEST_CASE(what_was_loaded_is_kept) {
  memory_budget budget(1 << 20);
  weighed_cache &cache = budget.cache();
  BOOST_TEST(get(cache, "a", "one") == "one");
  BOOST_TEST(get(cache, "a", "two") == "one");
  BOOST_TEST(get(cache, "b", "three") == "three");
  BOOST_TEST(loads == 2);
  BOOST_TEST(cache.hits() == 1);
  BOOST_TEST(cache.misses() == 2);
  BOOST_TEST(cache.bytes() > 20);
  BOOST_TEST(budget.in_use() == cache.bytes());
  BOOST_TEST(cache.peek("a") != nullptr);
  BOOST_TEST(cache.peek("c") == nullptr);
  BOOST_TEST(cache.hits() == 1);
}

BOOST_AUTO_TEST_CASE(without_room_everything_is_loaded) {
  memory_budget budget(1 << 20, 0);
  weighed_cache &cache = budget.cache();
  BOOST_TEST(get(cache, "a", "one") == "one");
  BOOST_TEST(get(cache, "a", "two") == "two");
  BOOST_TEST(cache.misses() == 2);
  BOOST_TEST(cache.bytes() == 0);
}

BOOST_AUTO_TEST_CASE(what_was_not_used_for_longest_goes_first) {
  memory_budget budget(1 << 20, 4000);
  weighed_cache &cache = budget.cache();
  for (const char *key : {"a", "b", "c"}) put(cache, key, 1000);
  BOOST_TEST(cache.peek("a") != nullptr);  // used again
  put(cache, "d", 1000);
  BOOST_TEST(cache.peek("a") != nullptr);
  BOOST_TEST(cache.peek("b") == nullptr);
  BOOST_TEST(cache.peek("c") != nullptr);
  BOOST_TEST(cache.peek("d") != nullptr);
  BOOST_TEST(cache.bytes() <= 4000);
  put(cache, "larger than all", 4001);
  BOOST_TEST(cache.peek("larger than all") == nullptr);
  BOOST_TEST(cache.peek("a") != nullptr);
  const std::int64_t before = cache.bytes();
  put(cache, "d", 500);  // in its own place
  BOOST_TEST(cache.bytes() == before - 500);
  BOOST_TEST(budget.in_use() == cache.bytes());
}

BOOST_AUTO_TEST_CASE(a_reservation_never_fails_for_what_is_kept) {
  memory_budget budget(10000, 10000);
  weighed_cache &cache = budget.cache();
  for (const char *key : {"a", "b", "c"}) put(cache, key, 2000);
  const auto used = cache.peek("a");
  {
    const memory_budget::reservation some = budget.reserve(5000);
    BOOST_TEST(cache.peek("a") != nullptr);  // the last one used
    BOOST_TEST(cache.peek("b") == nullptr);
    const memory_budget::reservation all = budget.reserve(5000);
    BOOST_TEST(cache.bytes() == 0);
    put(cache, "d", 2000);  // nor does it take what is not free
    BOOST_TEST(cache.bytes() == 0);
    CHECK_FAILS(budget.reserve(1), status::RESOURCE_EXHAUSTED, "asked for 1 bytes with 10000 in use of 10000");
  }
  BOOST_TEST(*std::static_pointer_cast<const std::string>(used) == "a");
  put(cache, "d", 2000);
  CHECK_FAILS(budget.reserve(10001), status::RESOURCE_EXHAUSTED);
  BOOST_TEST(cache.peek("d") != nullptr);  // which would have been of no use
}

BOOST_AUTO_TEST_CASE(several_callers_load_once) {
  memory_budget budget(1 << 20);
  weighed_cache &cache = budget.cache();
  std::vector<std::shared_ptr<operation>> callers;
  {
    const async_semaphore::permit closed = gate.acquire_at_once();
    for (int i = 0; i < 8; ++i) callers.push_back(start(cache, "a", loader("one")));
    const auto other = start(cache, "b", loader("two"));
    wait_for_loads(2);
  }
  for (const auto &one : callers) BOOST_TEST(value_of(one) == "one");
  while (cache.misses() < 2) std::this_thread::yield();
  BOOST_TEST(loads == 2);
  BOOST_TEST(cache.hits() == 7);
}

BOOST_AUTO_TEST_CASE(what_is_too_large_to_be_kept_is_loaded_once_all_the_same) {
  memory_budget budget(1 << 20, 1000);
  weighed_cache &cache = budget.cache();
  std::vector<std::shared_ptr<operation>> callers;
  {
    const async_semaphore::permit closed = gate.acquire_at_once();
    callers.push_back(start(cache, "a", loader("one", 5000)));
    wait_for_loads(1);
    for (int i = 0; i < 3; ++i) callers.push_back(start(cache, "a", loader("two", 5000)));
    // Each thread has begun with its caller, which waits for the first one now.
    for (int i = 0; i < 3; ++i) environment->settle();
  }
  for (const auto &one : callers) BOOST_TEST(value_of(one) == "one");
  BOOST_TEST(loads == 1);
  BOOST_TEST(cache.bytes() == 0);
}

BOOST_AUTO_TEST_CASE(another_one_loads_where_the_first_is_cancelled_or_fails) {
  memory_budget budget(1 << 20);
  weighed_cache &cache = budget.cache();
  std::shared_ptr<operation> first, second, third;
  {
    const async_semaphore::permit closed = gate.acquire_at_once();
    first = start(cache, "a", loader("first"));
    wait_for_loads(1);
    second = start(cache, "a", loader("second"));
    for (int i = 0; i < 3; ++i) environment->settle();
    third = start(cache, "a", loader("third"));
    for (int i = 0; i < 3; ++i) environment->settle();
    BOOST_TEST(loads == 1);
    first->cancel();
    first->wait(-1);
    wait_for_loads(2);
    fails = true;
  }
  CHECK_FAILS(value_of(first), status::CANCELLED);
  CHECK_FAILS(value_of(second), status::STORAGE_UNAVAILABLE, "no answer");
  BOOST_TEST(value_of(third) == "third");
  BOOST_TEST(loads == 3);
}

BOOST_AUTO_TEST_CASE(one_that_waits_can_be_cancelled) {
  memory_budget budget(1 << 20);
  weighed_cache &cache = budget.cache();
  std::shared_ptr<operation> first, second;
  {
    const async_semaphore::permit closed = gate.acquire_at_once();
    first = start(cache, "a", loader("first"));
    wait_for_loads(1);
    second = start(cache, "a", loader("second"));
    second->cancel();
    CHECK_FAILS(value_of(second), status::CANCELLED);
  }
  BOOST_TEST(value_of(first) == "first");
  BOOST_TEST(loads == 1);
}

BOOST_AUTO_TEST_SUITE_END()
