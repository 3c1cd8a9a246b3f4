#include "table/diff/manifest_walk.h"

#include "failure.h"
#include "runtime/operation.h"
#include "table/counting_store.h"
#include "table/manifests/snapshot_manifests.h"

using namespace evodb;
using evodb::table_tests::counted_table;

BOOST_AUTO_TEST_SUITE(manifest_walk_test)

namespace {

std::shared_ptr<const manifest_files> manifests_in(const counted_table &in, const table &of) {
  return run_to_end(in.environment, [of]() -> task<std::shared_ptr<const manifest_files>> {
    co_return co_await manifests_of(*of.context(), of.metadata()->current_snapshot());
  });
}

/// The paths of the manifests in the order in which the walk gives them.
task<std::vector<std::string>> walk_over(table of, std::shared_ptr<const manifest_files> manifests, bool live_only) {
  manifest_columns_wanted wanted;
  wanted.live_only = live_only;
  manifest_walk walk(of, manifests, wanted);
  std::vector<std::string> paths;
  while (const std::optional<manifest_walk::walked> one = co_await walk.next()) {
    paths.push_back(one->listed->manifest_path);
    BOOST_TEST(one->entries->size() == 1u);
    BOOST_TEST(one->spec->spec().spec_id == one->listed->partition_spec_id);
  }
  BOOST_TEST(walk.has_ready());
  co_return paths;
}

}  // namespace

BOOST_AUTO_TEST_CASE(manifests_come_in_their_order_some_at_a_time) {
  const counted_table in;
  const table of = in.with_manifests(40);
  const auto manifests = manifests_in(in, of);
  std::optional<async_semaphore::permit> closed = in.store->gate.acquire_at_once();
  const auto walking = operation::start(in.environment, [of, manifests]() -> task<std::shared_ptr<void>> {
    std::vector<std::string> paths = co_await walk_over(of, manifests, true);
    co_return std::make_shared<std::vector<std::string>>(std::move(paths));
  });
  in.store->wait_for_reads(16);
  in.settle();
  BOOST_TEST(in.store->manifest_reads == 16);
  closed.reset();
  walking->wait(-1);
  BOOST_REQUIRE(!walking->failure());
  const auto paths = std::static_pointer_cast<std::vector<std::string>>(walking->take());
  BOOST_REQUIRE(paths->size() == 40u);
  for (std::size_t i = 0; i < 40; ++i) BOOST_TEST((*paths)[i] == (*manifests)[i].manifest_path);
  BOOST_TEST(in.store->manifest_reads == 40);
}

BOOST_AUTO_TEST_CASE(large_manifests_are_read_alone) {
  const counted_table in;
  const table of = in.with_manifests(3);
  auto manifests = std::make_shared<manifest_files>(*manifests_in(in, of));
  for (manifest_file &one : *manifests) one.manifest_length = std::int64_t{20} << 20;  // as their list has it
  std::optional<async_semaphore::permit> closed = in.store->gate.acquire_at_once();
  const auto walking = operation::start(in.environment, [of, manifests]() -> task<std::shared_ptr<void>> {
    co_await walk_over(of, manifests, true);
    co_return nullptr;
  });
  in.store->wait_for_reads(1);
  in.settle();
  BOOST_TEST(in.store->manifest_reads == 1);
  closed.reset();
  walking->wait(-1);
  BOOST_TEST(!walking->failure());
  BOOST_TEST(in.store->manifest_reads == 3);
}

BOOST_AUTO_TEST_CASE(manifests_without_live_files_are_passed_over_unless_all_entries_are_wanted) {
  const counted_table in;
  const table of = in.with_manifests(3);
  auto manifests = std::make_shared<manifest_files>(*manifests_in(in, of));
  (*manifests)[1].added_files_count = 0;
  const auto walked = [&](bool live_only) {
    return run_to_end(
               in.environment,
               [=]() -> task<std::vector<std::string>> { co_return co_await walk_over(of, manifests, live_only); })
        .size();
  };
  BOOST_TEST(walked(true) == 2u);
  BOOST_TEST(in.store->manifest_reads == 2);
  BOOST_TEST(walked(false) == 3u);
  BOOST_TEST(in.store->manifest_reads == 5);  // past the cache
}

BOOST_AUTO_TEST_CASE(a_manifest_of_an_unknown_spec_is_named) {
  const counted_table in;
  const table of = in.with_manifests(1);
  auto manifests = std::make_shared<manifest_files>(*manifests_in(in, of));
  manifests->front().partition_spec_id = 7;
  CHECK_FAILS(
      run_to_end(in.environment,
                 [=]() -> task<std::vector<std::string>> { co_return co_await walk_over(of, manifests, true); }),
      status::CORRUPT, "partition spec 7");
}

BOOST_AUTO_TEST_SUITE_END()
