#include "model/joined_entries.h"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(joined_entries_test)

namespace {

data_file file_of(const std::string &path, value partition, std::int64_t records) {
  data_file one;
  one.file_path = path;
  one.record_count = records;
  one.file_size = 10 * records;
  one.partition.push_back(std::move(partition));
  return one;
}

manifest_entries entries_of(const std::vector<data_file> &given) {
  data_files_builder builder(3, {type_kind::string}, {1000});
  for (const data_file &one : given) builder.add(one);
  return *added_entries(std::move(builder).finish());
}

inherited_entries listed(manifest_entries entries, std::int64_t sequence_number,
                         std::optional<std::int64_t> first_row_id = std::nullopt) {
  manifest_file row;
  row.added_snapshot_id = 100 + sequence_number;
  row.sequence_number = sequence_number;
  row.first_row_id = first_row_id;
  return {std::make_shared<const manifest_entries>(std::move(entries)), manifest_inheritance(row)};
}

column_metrics bounds_of(std::int32_t field_id, const char *lower) {
  column_metrics column;
  column.field_id = field_id;
  column.value_count = field_id;
  column.lower_bound = bytes(lower);
  return column;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_entries_inherit_becomes_their_own) {
  joined_entries joined(3);
  joined.add(listed(entries_of({file_of("a", std::string("x"), 5), file_of("b", std::string("y"), 7)}), 1, 40));
  joined.add(listed(entries_of({file_of("c", value(), 11)}), 2, 90));
  const manifest_entries all = std::move(joined).finish();
  BOOST_REQUIRE(all.size() == 3u);
  for (const entry_status status : all.statuses) BOOST_TEST((status == entry_status::existing));
  BOOST_TEST(all.snapshot_ids == (std::vector<std::int64_t>{101, 101, 102}), boost::test_tools::per_element());
  BOOST_TEST(all.sequence_numbers == (std::vector<std::int64_t>{1, 1, 2}), boost::test_tools::per_element());
  BOOST_TEST(all.file_sequence_numbers == (std::vector<std::int64_t>{1, 1, 2}), boost::test_tools::per_element());
  BOOST_TEST(all.files.first_row_ids == (std::vector<std::int64_t>{40, 45, 90}), boost::test_tools::per_element());
  BOOST_TEST(all.files.spec_id == 3);
  BOOST_TEST(all.files.path(1) == "b");
  BOOST_TEST(all.files.path(2) == "c");
  BOOST_TEST(std::get<std::string>(*all.files.partition(1).front()) == "y");
  BOOST_TEST(is_null(*all.files.partition(2).front()));
}

BOOST_AUTO_TEST_CASE(deleted_entries_are_left_out) {
  manifest_entries some = entries_of({file_of("a", value(), 1), file_of("b", value(), 2), file_of("c", value(), 3)});
  some.statuses[1] = entry_status::deleted;
  joined_entries joined(3);
  joined.add(listed(some, 1));
  const manifest_entries all = std::move(joined).finish();
  BOOST_REQUIRE(all.size() == 2u);
  BOOST_TEST(all.files.path(0) == "a");
  BOOST_TEST(all.files.path(1) == "c");
  BOOST_TEST(all.files.record_counts[1] == 3);
  BOOST_TEST(all.files.first_row_ids.empty());
}

BOOST_AUTO_TEST_CASE(what_only_some_files_have_stays_theirs) {
  data_file first = file_of("first", value(), 1), second = file_of("second", value(), 2);
  first.metrics.push_back(bounds_of(1, "the first file's"));
  first.split_offsets = {4, 8};
  second.metrics.push_back(bounds_of(2, "second's"));
  second.sort_order_id = 9;
  joined_entries joined(3);
  joined.add(listed(entries_of({first}), 1));
  joined.add(listed(entries_of({second}), 2));
  joined.add(listed(entries_of({first}), 3));
  const manifest_entries all = std::move(joined).finish();
  const data_files &files = all.files;
  const metrics_column *one = files.find_metrics(1), *two = files.find_metrics(2);
  BOOST_REQUIRE((one != nullptr && two != nullptr));
  BOOST_TEST(one->value_counts == (std::vector<std::int64_t>{1, -1, 1}), boost::test_tools::per_element());
  BOOST_TEST(two->value_counts == (std::vector<std::int64_t>{-1, 2, -1}), boost::test_tools::per_element());
  BOOST_REQUIRE((one->lower_bounds.size() == 3u && two->lower_bounds.size() == 3u));
  BOOST_TEST(one->lower_bounds.at(2, files.arena).value() == "the first file's");
  BOOST_TEST(!one->lower_bounds.at(1, files.arena));
  BOOST_TEST(two->lower_bounds.at(1, files.arena).value() == "second's");
  BOOST_TEST(one->upper_bounds.empty());
  BOOST_TEST(files.split_offsets.offsets == (std::vector<std::uint32_t>{0, 2, 2, 4}), boost::test_tools::per_element());
  BOOST_TEST(
      files.sort_order_ids == (std::vector<std::int32_t>{data_files::no_sort_order, 9, data_files::no_sort_order}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
