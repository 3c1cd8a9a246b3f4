#include "table/manifests/manifest_reader.h"

#include "failure.h"
#include "runtime/weighed_cache.h"
#include "table/counting_store.h"
#include "table/manifests/snapshot_manifests.h"

using namespace evodb;
using evodb::table_tests::counted_table;

namespace {

/// A table with some manifests, and reading them.
struct manifests : counted_table {
  explicit manifests(int count = 1, std::optional<std::int64_t> cache_bytes = std::nullopt)
      : counted_table(cache_bytes), value(with_manifests(count)) {
    rows = *run_to_end(environment,
                       [this] { return manifests_of(*value.context(), value.metadata()->current_snapshot()); });
    details.details = true;
    spec = *value.metadata()->find_spec(rows.front().partition_spec_id);
    types = result_types(spec, *value.metadata()->current_schema());
  }

  task<inherited_entries> reading(manifest_file listed, manifest_columns_wanted wanted) {
    co_return co_await read_manifest_of(*value.context(), listed, spec, types, wanted);
  }
  inherited_entries read(const manifest_file &listed) {
    return run_to_end(environment, [&] { return reading(listed, details); });
  }
  inherited_entries read(const manifest_file &listed, const manifest_columns_wanted &wanted) {
    return run_to_end(environment, [&] { return reading(listed, wanted); });
  }
  std::shared_ptr<operation> start(std::size_t row) {
    return operation::start(environment, [this, row]() -> task<std::shared_ptr<void>> {
      const inherited_entries read = co_await reading(rows[row], details);
      co_return std::make_shared<inherited_entries>(read);
    });
  }
  static std::string path_of(const std::shared_ptr<operation> &of) {
    of->wait(-1);
    if (of->failure()) std::rethrow_exception(of->failure());
    return std::string((*std::static_pointer_cast<inherited_entries>(of->take()))->files.path(0));
  }

  const table value;
  manifest_files rows;
  manifest_columns_wanted details;
  partition_spec spec;
  std::vector<type> types;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(manifest_reader_test)

BOOST_AUTO_TEST_CASE(a_commit_that_is_tried_again_lists_the_same_manifest_with_other_numbers) {
  manifests in;
  manifest_file first = in.rows.front(), again = first;
  first.sequence_number = 5;
  first.added_snapshot_id = 50;
  again.sequence_number = 9;
  again.added_snapshot_id = 90;
  const inherited_entries before = in.read(first), after = in.read(again);
  BOOST_TEST(in.store->manifest_reads == 1);
  BOOST_TEST(&*before == &*after);  // the columns are one
  BOOST_TEST(before.sequence_number(0) == 5);
  BOOST_TEST(before.file_sequence_number(0) == 5);
  BOOST_TEST(after.sequence_number(0) == 9);
  BOOST_TEST(after.file_sequence_number(0) == 9);
  BOOST_TEST(before.snapshot_id(0) == after.snapshot_id(0));  // which the entry has of its own
}

BOOST_AUTO_TEST_CASE(an_upgrade_to_version_3_gives_row_ids_to_a_manifest_that_was_read_before) {
  manifests in;
  manifest_file upgraded = in.rows.front();
  BOOST_TEST(in.read(upgraded).first_row_ids().empty());
  upgraded.first_row_id = 1000;
  BOOST_TEST(in.read(upgraded).first_row_ids() == std::vector<std::int64_t>{1000}, boost::test_tools::per_element());
  upgraded.first_row_id = 2000;
  BOOST_TEST(in.read(upgraded).first_row_ids() == std::vector<std::int64_t>{2000}, boost::test_tools::per_element());
  BOOST_TEST(in.store->manifest_reads == 1);
}

BOOST_AUTO_TEST_CASE(what_was_read_with_more_columns_serves_those_who_want_fewer) {
  manifests in;
  const manifest_columns_wanted no_more;
  manifest_columns_wanted bounds = in.details;
  bounds.bounds_and_counts_of = {1};
  in.read(in.rows.front());
  in.read(in.rows.front(), no_more);
  BOOST_TEST(in.store->manifest_reads == 1);
  in.read(in.rows.front(), bounds);
  in.read(in.rows.front(), bounds);
  BOOST_TEST(in.store->manifest_reads == 2);
  manifest_columns_wanted all = in.details;
  all.all_metrics = true;
  in.read(in.rows.front(), all);
  bounds.bounds_and_counts_of = {2};
  in.read(in.rows.front(), bounds);
  BOOST_TEST(in.store->manifest_reads == 3);
}

BOOST_AUTO_TEST_CASE(two_at_a_time_fetch_once_and_the_firsts_cancellation_is_its_own) {
  manifests in;
  std::shared_ptr<operation> first, second, third;
  {
    const async_semaphore::permit closed = in.store->gate.acquire_at_once();
    first = in.start(0);
    in.store->wait_for_reads(1);
    second = in.start(0);
    third = in.start(0);
    in.settle();
    BOOST_TEST(in.store->manifest_reads == 1);
    first->cancel();
    first->wait(-1);
    in.store->wait_for_reads(2);
  }
  CHECK_FAILS(in.path_of(first), status::CANCELLED);
  BOOST_TEST(in.path_of(second) == in.path_of(third));
  BOOST_TEST(in.store->manifest_reads == 2);
}

BOOST_AUTO_TEST_CASE(a_small_cache_drops_what_was_not_used_for_longest) {
  manifests in(30, 8 * 1024);
  weighed_cache &cache = in.environment->memory().cache();
  for (const manifest_file &row : in.rows) in.read(row);
  BOOST_TEST(cache.bytes() <= 8 * 1024);
  BOOST_TEST(in.environment->memory().in_use() == cache.bytes());
  in.read(in.rows.back());
  BOOST_TEST(in.store->manifest_reads == 30);
  in.read(in.rows.front());
  BOOST_TEST(in.store->manifest_reads == 31);
}

BOOST_AUTO_TEST_CASE(what_needs_memory_gets_that_of_the_cache) {
  manifests in(3);
  memory_budget &budget = in.environment->memory();
  for (const manifest_file &row : in.rows) in.read(row);
  BOOST_TEST(budget.in_use() > 0);
  BOOST_TEST(budget.reserve(budget.limit()).bytes() == budget.limit());
  BOOST_TEST(budget.in_use() == 0);
  in.read(in.rows.front());
  BOOST_TEST(in.store->manifest_reads == 4);
}

BOOST_AUTO_TEST_CASE(without_a_cache_every_reader_reads) {
  manifests in(1, 0);
  in.read(in.rows.front());
  in.read(in.rows.front());
  BOOST_TEST(in.store->manifest_reads == 2);
}

BOOST_AUTO_TEST_CASE(what_was_just_written_is_not_read) {
  manifests in;
  auto entries = std::make_shared<manifest_entries>(*in.read(in.rows.front()));
  entries->files.record_counts = {77};
  manifest_file written = in.rows.front();
  written.manifest_path += "-2";
  keep_manifest(*in.value.context(), written, in.spec, in.types, entries);
  BOOST_TEST(in.read(written)->files.record_counts.at(0) == 77);
  BOOST_TEST(in.read(written).sequence_number(0) == written.sequence_number);
  BOOST_TEST(in.store->manifest_reads == 1);
}

/// A table's metadata may have any text as a field's name, and point at another table's manifests.
BOOST_AUTO_TEST_CASE(no_name_of_a_partition_field_passes_for_two_fields) {
  manifests in;
  const type number(type_kind::int64);
  in.spec.fields = {{{1}, 1000, "id", transform()}, {{2}, 1001, "p", transform()}};
  in.types = {number, number};
  BOOST_TEST(in.read(in.rows.front())->files.partitions.size() == 2u);
  in.spec.fields = {{{1}, 1000, "id identity long\n1001 p", transform()}};
  in.types = {number};
  BOOST_TEST(in.read(in.rows.front())->files.partitions.size() == 1u);
  in.spec.fields = {{{1}, 1000, "id 8:identity 4:long 1001 1:p", transform()}};
  BOOST_TEST(in.read(in.rows.front())->files.partitions.size() == 1u);
  BOOST_TEST(in.store->manifest_reads == 3);
}

BOOST_AUTO_TEST_CASE(a_manifest_that_is_longer_than_its_list_says_is_read_within_the_budget) {
  manifests in(1, 0);
  memory_budget &budget = in.environment->memory();
  manifest_file shorter = in.rows.front();
  shorter.manifest_length = 10;
  const std::int64_t before = budget.reserved_in_total();
  BOOST_TEST(in.read(shorter)->size() == 1u);
  BOOST_TEST(in.store->manifest_reads == 2);
  BOOST_TEST(budget.reserved_in_total() - before >= 10 + in.rows.front().manifest_length);
  const auto held = budget.reserve(budget.limit() - 100);
  CHECK_FAILS(in.read(shorter), status::RESOURCE_EXHAUSTED);
}

BOOST_AUTO_TEST_CASE(what_storage_has_now_is_read_past_the_cache) {
  manifests in;
  in.read(in.rows.front());
  const stored_manifest now = run_to_end(in.environment, [&]() -> task<stored_manifest> {
    const manifest_columns_wanted no_more;
    co_return co_await read_stored_manifest(*in.value.context(), in.rows.front(), in.spec, in.types, no_more);
  });
  BOOST_TEST(now.bytes == in.rows.front().manifest_length);
  BOOST_TEST(now.entries->size() == 1u);
  BOOST_TEST(in.store->manifest_reads == 2);
}

BOOST_AUTO_TEST_SUITE_END()
