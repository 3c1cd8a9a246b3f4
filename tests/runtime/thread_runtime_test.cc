#include "runtime/thread_runtime.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <fstream>
#include <latch>
#include <set>
#include <thread>

#include "failure.h"
#include "runtime/operation.h"
#include "runtime/run_on.h"
#include "runtime/run_to_end.h"

using namespace evodb;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(thread_runtime_test)

namespace {

bool is_forked_child = false;

}  // namespace

/// Asked by LeakSanitizer, where there is one: it cannot stop the busy threads of a forked child, and takes what they
/// hold for leaks. Its library finds the function only where the program exports it.
extern "C" __attribute__((visibility("default"))) int __lsan_is_turned_off();
extern "C" int __lsan_is_turned_off() {
  return is_forked_child ? 1 : 0;
}

namespace {

/// /proc/self/task/<id>/<file> of each thread with one of the runtime's names.
std::vector<std::string> of_our_threads(const std::string &file) {
  std::vector<std::string> texts;
  DIR *folder = ::opendir("/proc/self/task");
  while (const dirent *entry = ::readdir(folder)) {
    const std::string at = std::string("/proc/self/task/") + entry->d_name;
    std::string name, text;
    std::getline(std::ifstream(at + "/comm"), name);
    if (!name.starts_with("evodb-")) continue;
    std::getline(std::ifstream(at + "/" + file), text, '\0');
    texts.push_back(text);
  }
  ::closedir(folder);
  return texts;
}

void post_for_ever(executor on) {
  boost::asio::post(on, [on] { post_for_ever(on); });
}

bool wait_for(const std::function<bool()> &condition) {
  for (int i = 0; i < 60'000 && !condition(); ++i) std::this_thread::sleep_for(1ms);
  return condition();
}

/// A runtime's last threads may still be on their way out when it is gone.
bool wait_for_no_threads() {
  return wait_for([] { return of_our_threads("comm").empty(); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(refuses_senseless_options) {
  thread_runtime_options options;
  options.io_threads = 0;
  CHECK_FAILS(make_thread_runtime(options), status::INVALID_ARGUMENT, "io_threads");
  options = {};
  options.cpu_threads = -1;
  CHECK_FAILS(make_thread_runtime(options), status::INVALID_ARGUMENT, "cpu_threads");
  options = {};
  options.blocking_threads = 0;
  CHECK_FAILS(make_thread_runtime(options), status::INVALID_ARGUMENT, "blocking_threads");
  options = {};
  options.memory_limit_bytes = 0;
  CHECK_FAILS(make_thread_runtime(options), status::INVALID_ARGUMENT, "memory_limit_bytes");
}

BOOST_AUTO_TEST_CASE(threads_have_names_and_block_all_signals) {
  BOOST_REQUIRE(wait_for_no_threads());
  thread_runtime_options options;
  options.io_threads = 2;
  options.cpu_threads = 3;
  options.blocking_threads = 2;
  auto environment = make_thread_runtime(options);
  BOOST_TEST(environment->cpu_threads() == 3);
  sigset_t here_before;
  pthread_sigmask(SIG_SETMASK, nullptr, &here_before);
  BOOST_TEST(sigismember(&here_before, SIGUSR1) == 0);
  const std::vector<std::string> names = of_our_threads("comm");
  BOOST_TEST(names.size() == 9u);
  BOOST_TEST((std::set(names.begin(), names.end()).size()) == 9u);
  for (const std::string &status : of_our_threads("status")) {
    const std::size_t at = status.find("SigBlk:\t");
    BOOST_REQUIRE(at != std::string::npos);
    const std::uint64_t blocked = std::stoull(status.substr(at + 8, 16), nullptr, 16);
    for (const int signal : {SIGTERM, SIGINT, SIGPIPE, SIGUSR1, SIGPROF, SIGCHLD, SIGXFSZ}) {
      BOOST_TEST((blocked >> (signal - 1) & 1) == 1u, "signal " << signal);
    }
  }
  environment.reset();
  BOOST_TEST(wait_for_no_threads());
}

BOOST_AUTO_TEST_CASE(operations_are_spread_over_io_threads) {
  thread_runtime_options options;
  options.io_threads = 3;
  const auto environment = make_thread_runtime(options);
  std::set<std::thread::id> seen;
  for (int i = 0; i < 6; ++i) {
    seen.insert(run_to_end(environment, []() -> task<std::thread::id> { co_return std::this_thread::get_id(); }));
  }
  BOOST_TEST(seen.size() == 3u);
}

BOOST_AUTO_TEST_CASE(clocks_random_and_sleep) {
  const auto environment = make_thread_runtime(thread_runtime_options());
  BOOST_TEST(environment->now_ms() > 1'700'000'000'000);
  BOOST_TEST(environment->random_u64() != environment->random_u64());
  BOOST_TEST((environment->random_uuid() != environment->random_uuid()));
  BOOST_TEST(environment->random_uuid().to_text()[14] == '4');
  const steady_time before = environment->steady_now();
  run_to_end(environment, [&]() -> task<> { co_await environment->sleep(15ms); });
  BOOST_TEST((environment->steady_now() - before >= 15ms));
  run_to_end(environment, [&]() -> task<> { co_await environment->sleep(-1s); });
}

BOOST_AUTO_TEST_CASE(last_reference_dropped_in_a_callback) {
  BOOST_REQUIRE(wait_for_no_threads());
  auto environment = make_thread_runtime(thread_runtime_options());
  std::latch dropped(1);
  boost::asio::post(environment->callbacks(), [&dropped, last = environment]() mutable {
    while (last.use_count() > 1) std::this_thread::yield();
    last.reset();
    dropped.count_down();
  });
  environment.reset();
  dropped.wait();
  BOOST_TEST(wait_for([] { return of_our_threads("comm").empty(); }));
}

BOOST_AUTO_TEST_CASE(last_reference_dropped_in_a_coroutine) {
  auto environment = make_thread_runtime(thread_runtime_options());
  std::atomic<bool> was_last{false};
  const executor here = environment->io();
  auto body = [](std::shared_ptr<runtime> last, std::atomic<bool> *flag) -> task<> {
    auto nothing = [] {};
    co_await run_on(last->cpu(), nothing);
    while (last.use_count() > 1) std::this_thread::yield();
    last.reset();
    *flag = true;
  };
  boost::asio::co_spawn(here, body(environment, &was_last), boost::asio::detached);
  environment.reset();
  BOOST_TEST(wait_for([&] { return was_last.load(); }));
  BOOST_TEST(wait_for([] { return of_our_threads("comm").empty(); }));
}

BOOST_AUTO_TEST_CASE(what_is_queued_or_asleep_is_dropped_with_its_frames) {
  const auto held = std::make_shared<int>(0);
  {
    thread_runtime_options options;
    options.io_threads = 2;
    options.cpu_threads = 1;
    const auto environment = make_thread_runtime(options);
    std::latch is_busy(1);
    runtime *const here = environment.get();
    boost::asio::post(here->cpu(), [&] {
      is_busy.count_down();
      std::this_thread::sleep_for(50ms);
    });
    is_busy.wait();
    // Neither of them holds the runtime: one sleeps, one waits in the queue behind the busy thread and owns a frame of
    // an I/O thread.
    auto sleeps = [](runtime *on, std::shared_ptr<int> keeps) -> task<> {
      co_await on->sleep(1h);
      ++*keeps;
    };
    auto waits = [](runtime *on, std::shared_ptr<int> keeps) -> task<> {
      auto work = [keeps] { ++*keeps; };
      co_await run_on(on->cpu(), work);
    };
    boost::asio::co_spawn(here->io(), sleeps(here, held), boost::asio::detached);
    boost::asio::co_spawn(here->io(), waits(here, held), boost::asio::detached);
    std::this_thread::sleep_for(10ms);
  }
  BOOST_TEST(held.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(two_runtimes_know_their_threads) {
  const auto one = make_thread_runtime(thread_runtime_options());
  const auto two = make_thread_runtime(thread_runtime_options());
  BOOST_TEST(!one->owns_this_thread());
  const auto inside = run_to_end(one, [&]() -> task<bool> { co_return one->owns_this_thread(); });
  const auto across = run_to_end(one, [&]() -> task<bool> { co_return two->owns_this_thread(); });
  BOOST_TEST(inside);
  BOOST_TEST(!across);
}

BOOST_AUTO_TEST_CASE(fork_child_may_let_go_and_exit) {
  auto environment = make_thread_runtime(thread_runtime_options());
  auto running = operation::start(environment, [&]() -> task<std::shared_ptr<void>> {
    co_await environment->sleep(1h);
    co_return nullptr;
  });
  std::thread waiter([running] { running->wait(-1); });  // its lock and wait are copied into the child
  std::this_thread::sleep_for(20ms);
  BOOST_TEST(!environment->forked());
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);
    const bool is_known = environment->forked();
    running->cancel();
    running.reset();
    environment.reset();
    ::_exit(is_known ? 0 : 1);
  }
  int status = -1;
  BOOST_TEST(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
  running->cancel();
  waiter.join();
}

BOOST_AUTO_TEST_CASE(exit_without_closing_is_clean) {
  BOOST_REQUIRE(wait_for_no_threads());  // ThreadSanitizer takes a child's threads for those that it forked from
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);
    is_forked_child = true;
    // Never released, and busy on every thread while the process runs its exit handlers.
    static const auto *const environment = new std::shared_ptr<runtime>(make_thread_runtime(thread_runtime_options()));
    runtime &here = **environment;
    for (const executor &on : {here.io(), here.cpu(), here.callbacks()}) post_for_ever(on);
    std::this_thread::sleep_for(20ms);
    std::exit(0);
  }
  int status = -1;
  BOOST_TEST(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
