#include "table/scan/read_ahead.h"

#include "failure.h"
#include "table/counting_store.h"
#include "table/scan/file_cursor.h"

using namespace evodb;
using evodb::table_tests::counted_table;

namespace {

constexpr int manifest_count = 30;
constexpr int places = 4;  // with one computing thread

struct walks : counted_table {
  walks() : value(with_manifests(manifest_count)) {}

  std::shared_ptr<const evodb::plan> plan_of(std::int64_t limit = -1) {
    return run_to_end(environment, [this, limit]() -> task<std::shared_ptr<const evodb::plan>> {
      scan_request request;
      request.limit = limit;
      co_return co_await plan_scan(value, request);
    });
  }
  /// The next file's path; empty at the end.
  static std::string next(file_cursor &cursor) {
    std::string path;
    cursor.step([&] {
      if (!cursor.advance()) return;
      file_row row;
      cursor.read(row);
      path = row.file_path();
    });
    return path;
  }
  static std::vector<std::string> rest(file_cursor &cursor) {
    std::vector<std::string> paths;
    for (std::string path = next(cursor); !path.empty(); path = next(cursor)) paths.push_back(path);
    return paths;
  }

  const table value;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(read_ahead_test, walks)

BOOST_AUTO_TEST_CASE(the_next_manifests_are_read_while_the_files_of_one_are_used_and_no_more) {
  file_cursor cursor(plan_of());
  BOOST_TEST(store->manifest_reads == 0);
  next(cursor);
  store->wait_for_reads(places);
  settle();
  BOOST_TEST(store->manifest_reads <= places + 1);  // the first one's place may be free again
  for (int taken = 1; taken < 10; ++taken) {
    next(cursor);
    settle();
    BOOST_TEST(store->manifest_reads > taken + 1);
    BOOST_TEST(store->manifest_reads <= taken + 1 + places);
  }
  BOOST_TEST(rest(cursor).size() == manifest_count - 10u);
  BOOST_TEST(store->manifest_reads == manifest_count);
}

BOOST_AUTO_TEST_CASE(files_come_in_the_order_of_their_manifests) {
  file_cursor cold(plan_of()), warm(plan_of());
  const auto first = rest(cold), again = rest(warm);
  BOOST_TEST(first.size() == std::size_t{manifest_count});
  BOOST_TEST(first == again, boost::test_tools::per_element());
  BOOST_TEST(store->manifest_reads == manifest_count);
}

BOOST_AUTO_TEST_CASE(nothing_more_is_read_once_the_limit_is_reached) {
  file_cursor cursor(plan_of(6));
  BOOST_TEST(rest(cursor).size() == 6u);
  const int so_far = store->manifest_reads;
  BOOST_TEST(so_far < 6 + places);
  settle();
  BOOST_TEST(store->manifest_reads == so_far);
  file_cursor nothing(plan_of(0));
  BOOST_TEST(rest(nothing).empty());
  BOOST_TEST(store->manifest_reads == so_far);
}

BOOST_AUTO_TEST_CASE(what_is_given_up_is_read_no_more) {
  auto cursor = std::make_unique<file_cursor>(plan_of());
  next(*cursor);
  store->wait_for_reads(places);
  cursor.reset();
  settle();
  const int so_far = store->manifest_reads;
  settle();
  BOOST_TEST(store->manifest_reads == so_far);
  BOOST_TEST(so_far <= 2 * places);
}

BOOST_AUTO_TEST_CASE(a_walk_that_is_cancelled_leaves_its_reads) {
  const async_semaphore::permit closed = store->gate.acquire_at_once();
  file_cursor cursor(plan_of());
  const std::shared_ptr<operation> reading = cursor.fetch();
  store->wait_for_reads(places);
  cursor.cancel();
  reading->wait(-1);
  CHECK_FAILS(next(cursor), status::CANCELLED);
  CHECK_FAILS(next(cursor), status::CANCELLED);
  settle();
  BOOST_TEST(store->manifest_reads == places);
}

BOOST_AUTO_TEST_SUITE_END()
