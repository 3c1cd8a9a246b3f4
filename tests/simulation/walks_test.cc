// What is planned is walked while requests fail, are cancelled or take too long: the end comes after all files alone, and
// whatever went wrong stays.

#include <algorithm>
#include <set>

#include "failure.h"
#include "simulation/directions.h"
#include "simulation/scene.h"
#include "simulation/writer.h"
#include "table/scan/file_cursor.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(walks_test)

namespace {

constexpr std::size_t file_count = 20;  // each in a manifest of its own

/// The errors of two calls are one.
void check_same(const std::optional<error> &first, const std::optional<error> &again) {
  BOOST_REQUIRE(first);
  BOOST_REQUIRE(again);
  BOOST_TEST((first->code() == again->code()));
  BOOST_TEST(first->message() == again->message());
  BOOST_TEST(first->subject() == again->subject());
}

/// A walk, step by step, with its outcome.
class walker {
 public:
  walker(scene &in, std::shared_ptr<const plan> over) : scene_(in), walk_(std::move(over)) {}

  /// To the end or to the first failure.
  void run() {
    while (!failed && step()) continue;
  }
  /// False at the end.
  bool step() {
    bool has_more = false;
    failed.reset();
    try {
      const std::shared_ptr<operation> reading = walk_.fetch();
      scene_.run_until([&] {
        if (before_each_step) before_each_step();
        return reading->is_ready();
      });
      walk_.step([&] {
        has_more = walk_.advance();
        if (!has_more) return;
        file_row row;
        walk_.read(row);
        paths.emplace(row.file_path());
      });
    } catch (const error &what) {
      failed.emplace(what);
    }
    return has_more;
  }
  /// Whatever is asked of it from now on.
  void check_failure_stays() {
    const std::optional<error> first = failed;
    const std::size_t so_far = paths.size();
    for (int i = 0; i < 3; ++i) {
      step();
      check_same(first, failed);
    }
    const std::shared_ptr<operation> reading = walk_.fetch();
    BOOST_REQUIRE(reading->is_ready());
    CHECK_FAILS(std::rethrow_exception(reading->failure()), first->code(), first->message());
    BOOST_TEST(walk_.ready_count() == 0);
    BOOST_TEST(paths.size() == so_far);
  }
  void cancel() { walk_.cancel(); }

  std::set<std::string> paths;
  std::optional<error> failed;
  std::function<void()> before_each_step;

 private:
  scene &scene_;
  file_cursor walk_;
};

struct walked_scene : scene {
  walked_scene() {
    process &writer = start_process();
    table newest = open(writer);
    for (std::size_t i = 0; i < file_count; ++i) {
      const std::string label = told().begin(append_kind);
      newest = *end(commit(writer, with_change(newest, label)), {label}).committed;
    }
    run_to_end();
  }

  /// As a process plans that has read no manifest yet.
  std::shared_ptr<const plan> plan_of(process &reader) {
    std::shared_ptr<const plan> planned;
    const auto running =
        operation::start(reader.environment, [&, newest = open(reader)]() -> task<std::shared_ptr<void>> {
          scan_request request;
          planned = co_await plan_scan(newest, request);
          co_return nullptr;
        });
    run_until([&] { return running->is_ready(); });
    BOOST_REQUIRE(!running->failure());
    return planned;
  }

  /// Whatever that process asks for a manifest of that number, in the order of their first requests, goes that way.
  void direct(const process &reader, std::size_t number, passage way) {
    requests().directions = [=, asked = std::vector<std::string>()](const sent_request &sent) mutable -> maybe_ways {
      if (sent.from != reader.id) return std::nullopt;
      const auto known = std::find(asked.begin(), asked.end(), sent.key);
      const auto at = static_cast<std::size_t>(known - asked.begin());
      if (known == asked.end()) asked.push_back(sent.key);
      return at == number ? maybe_ways(std::vector{way}) : std::nullopt;
    };
  }
  void calm() { requests().directions = nullptr; }
};

passage denied() {
  passage way;
  way.takes_effect = false;
  way.answer.emplace();
  way.answer->status = 403;
  way.answer->code = "AccessDenied";
  return way;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_request_that_fails_fails_the_walk_for_good) {
  walked_scene s;
  std::size_t failures = 0;
  for (std::size_t number = 0;; ++number) {
    BOOST_TEST_CONTEXT("request " << number) {
      process &reader = s.start_process();
      const auto planned = s.plan_of(reader);
      s.direct(reader, number, denied());
      walker over(s, planned);
      over.run();
      s.calm();
      if (!over.failed) {
        BOOST_TEST(over.paths.size() == file_count);
        break;
      }
      ++failures;
      BOOST_TEST(over.paths.size() < file_count);
      over.check_failure_stays();
      walker anew(s, planned);
      anew.run();
      BOOST_TEST(!anew.failed);
      BOOST_TEST(anew.paths.size() == file_count);
    }
  }
  BOOST_TEST(failures == file_count);
}

BOOST_AUTO_TEST_CASE(reasons_fail_as_files_do) {
  walked_scene s;
  process &reader = s.start_process();
  const auto planned = s.plan_of(reader);
  s.direct(reader, file_count - 1, denied());
  blocking_scan over(planned, true);
  std::size_t reasons = 0;
  const auto next = [&] {
    const auto reading = over.fetch(false);
    s.run_until([&] { return reading->is_ready(); });
    bool has_more = false;
    over.step([&] {
      has_more = over.advance();
      reasons += over.state().take_explanations().size();
    });
    return has_more;
  };
  const auto to_the_end = [&] {
    while (next()) continue;
  };
  BOOST_CHECK_THROW(to_the_end(), error);
  s.calm();
  const std::size_t before = reasons;
  BOOST_TEST(before > 0u);
  for (int i = 0; i < 3; ++i) BOOST_CHECK_THROW(next(), error);
  BOOST_TEST(reasons == before);
}

BOOST_AUTO_TEST_CASE(a_walk_that_is_cancelled_ends_so_and_stays_so_or_was_complete) {
  walked_scene s;
  int cancelled = 0;
  for (int steps = 0;; ++steps) {
    BOOST_TEST_CONTEXT("after " << steps << " steps") {
      walker over(s, s.plan_of(s.start_process()));
      int taken = 0;
      over.before_each_step = [&] {
        if (taken++ == steps) over.cancel();
      };
      over.run();
      if (taken <= steps) {  // nothing was cancelled
        BOOST_TEST(over.paths.size() == file_count);
        BOOST_TEST(!over.failed);
        over.cancel();  // at the end it changes nothing
        BOOST_TEST(!over.step());
        BOOST_TEST(!over.failed);
        break;
      }
      if (!over.failed) {
        BOOST_TEST(over.paths.size() == file_count);
        continue;
      }
      ++cancelled;
      BOOST_TEST((over.failed->code() == status::CANCELLED));
      over.check_failure_stays();
    }
  }
  BOOST_TEST(cancelled > 10);
}

BOOST_AUTO_TEST_CASE(each_step_of_a_walk_has_the_time_of_an_operation) {
  walked_scene s;
  process &reader = s.start_process();
  reader.environment = std::make_shared<simulated_runtime>(s.in(), reader.id, 0ms, 2500ms);
  std::shared_ptr<object_store> store = make_simulated_store(s.requests(), reader.environment);
  location root = store->root();
  reader.tables = std::make_shared<open_tables>(
      std::make_shared<const storage>(reader.environment, std::move(store), std::move(root)));
  const auto planned = s.plan_of(reader);
  s.direct(reader, 10, lost());
  walker over(s, planned);
  over.run();
  s.calm();
  BOOST_REQUIRE(over.failed);
  BOOST_TEST((over.failed->code() == status::DEADLINE_EXCEEDED));
  BOOST_TEST(over.failed->message().starts_with("not done within 2500 ms"));
  BOOST_TEST(!over.paths.empty());
  over.check_failure_stays();
}

BOOST_AUTO_TEST_SUITE_END()
