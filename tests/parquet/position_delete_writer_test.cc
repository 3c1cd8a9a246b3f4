#include "parquet/position_delete_writer.h"

#include <boost/test/unit_test.hpp>

#include "base/little_endian.h"
#include "failure.h"

using namespace evodb;
using namespace evodb::testing;

BOOST_AUTO_TEST_SUITE(position_delete_writer_test)

namespace {

using written = position_delete_writer::written;

parquet_footer footer_in(const bytes &file) {
  const footer_extent at = find_footer(file, static_cast<std::int64_t>(file.size()), "f");
  return read_footer(byte_view(file).substr(static_cast<std::size_t>(at.offset), static_cast<std::size_t>(at.length)),
                     "f");
}

std::int64_t number(const std::optional<bytes> &plain) {
  return load_le<std::int64_t>(plain.value().data());
}

}  // namespace

// What engines read of such files is tests/interop/python/test_delete_files.py.

BOOST_AUTO_TEST_CASE(rows_and_their_bounds_are_in_the_footer) {
  position_delete_writer writer;
  for (const std::int64_t position : {3, 9, 70000}) writer.add("s3://b/a", position);
  writer.add("s3://b/b", 1);
  const written made = std::move(writer).finish();
  const parquet_footer footer = footer_in(made.file);
  BOOST_TEST(footer.num_rows == 4);
  BOOST_REQUIRE(footer.root.children.size() == 2);
  BOOST_TEST(footer.root.children[0].name == "file_path");
  BOOST_TEST(footer.root.children[0].field_id.value() == 2147483546);
  BOOST_TEST((footer.root.children[0].logical.kind == logical_type::kind::string));
  BOOST_TEST((footer.root.children[0].repetition == repetition::required));
  BOOST_TEST(footer.root.children[1].name == "pos");
  BOOST_TEST(footer.root.children[1].field_id.value() == 2147483545);
  BOOST_REQUIRE(footer.row_groups.size() == 1);
  const column_chunk &paths = footer.row_groups[0].columns[0], &positions = footer.row_groups[0].columns[1];
  BOOST_TEST(paths.statistics.min_value.value() == "s3://b/a");
  BOOST_TEST(paths.statistics.max_value.value() == "s3://b/b");
  BOOST_TEST(number(positions.statistics.min_value) == 1);
  BOOST_TEST(number(positions.statistics.max_value) == 70000);
  BOOST_TEST(positions.statistics.null_count.value() == 0);
  BOOST_TEST(paths.start() == 4);
  BOOST_TEST(positions.start() == paths.start() + paths.total_compressed_size);
  BOOST_TEST(footer.key_value_metadata.at(0).first == "delete-type");
  BOOST_TEST(footer.key_value_metadata.at(0).second == "position");
  // The positions lie there plain.
  bytes plain;
  for (const std::int64_t position : {3, 9, 70000, 1}) append_le(plain, position);
  BOOST_TEST(made.file.find(plain) != bytes::npos);
}

BOOST_AUTO_TEST_CASE(row_groups_are_bounded_in_rows_and_in_paths) {
  position_delete_writer few(3);
  for (std::int64_t i = 0; i < 7; ++i) few.add("a", i);
  const parquet_footer groups = footer_in(std::move(few).finish().file);
  BOOST_REQUIRE(groups.row_groups.size() == 3);
  BOOST_TEST(groups.num_rows == 7);
  BOOST_TEST(groups.row_groups[2].num_rows == 1);
  BOOST_TEST(number(groups.row_groups[1].columns[1].statistics.min_value) == 3);
  BOOST_TEST(groups.row_groups[1].columns[0].statistics.min_value.value() == "a");

  position_delete_writer many;
  for (char c = 'a'; c < 'f'; ++c) many.add(std::string(600000, c), 0);
  const parquet_footer long_paths = footer_in(std::move(many).finish().file);
  BOOST_REQUIRE(long_paths.row_groups.size() == 3);
  BOOST_TEST(long_paths.row_groups[0].num_rows == 2);
}

BOOST_AUTO_TEST_CASE(rows_that_do_not_ascend_are_refused) {
  position_delete_writer writer;
  BOOST_CHECK_EXCEPTION(writer.add("b", -1), error, is_failure(status::INVALID_ARGUMENT, "position -1"));
  writer.add("b", 5);
  BOOST_CHECK_EXCEPTION(writer.add("b", 5), error, is_failure(status::INVALID_ARGUMENT, "not above"));
  BOOST_CHECK_EXCEPTION(writer.add("a", 6), error, is_failure(status::INVALID_ARGUMENT, "not above"));
  BOOST_CHECK_EXCEPTION(writer.add("c", -1), error, is_failure(status::INVALID_ARGUMENT, "position -1"));
  writer.add("b", 6);
  BOOST_TEST(footer_in(std::move(writer).finish().file).num_rows == 2);
}

BOOST_AUTO_TEST_CASE(a_file_without_rows_has_no_row_groups) {
  const parquet_footer footer = footer_in(position_delete_writer().finish().file);
  BOOST_TEST(footer.num_rows == 0);
  BOOST_TEST(footer.row_groups.empty());
}

BOOST_AUTO_TEST_SUITE_END()
