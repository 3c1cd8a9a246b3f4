#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "failure.h"
#include "footer_builder.h"
#include "parquet/footer.h"
#include "real_file.h"

using namespace evodb;
using namespace evodb::testing;

BOOST_AUTO_TEST_SUITE(footer_writer_test)

namespace {

bytes written(const parquet_footer &footer) {
  bytes file(parquet_magic);
  append_footer(file, footer);
  return file;
}

parquet_footer read_again(const bytes &file) {
  const footer_extent at = find_footer(file, static_cast<std::int64_t>(file.size()), "f");
  return read_footer(byte_view(file).substr(static_cast<std::size_t>(at.offset), static_cast<std::size_t>(at.length)),
                     "f");
}

/// A footer that is read back and written once more has all that was read.
void check_round_trip(const parquet_footer &footer) {
  const bytes once = written(footer);
  const parquet_footer back = read_again(once);
  BOOST_TEST((written(back) == once));
  BOOST_TEST(back.num_rows == footer.num_rows);
  BOOST_TEST(back.created_by == footer.created_by);
  BOOST_TEST((back.key_value_metadata == footer.key_value_metadata));
  BOOST_TEST((back.column_orders == footer.column_orders));
  BOOST_REQUIRE(back.row_groups.size() == footer.row_groups.size());
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_fact_of_a_column_is_read_back) {
  parquet_footer footer;
  footer.root.name = "root";
  schema_node column;
  column.name = "c";
  column.repetition = repetition::optional;
  column.physical = physical_type::int64;
  column.field_id = 0x7fffffff;
  footer.root.children = {column};
  column_chunk chunk;
  chunk.codec = 6;
  chunk.encodings = 1 << 0 | 1 << 3 | 1 << 8;
  chunk.num_values = 20;
  chunk.total_uncompressed_size = 300;
  chunk.total_compressed_size = 200;
  chunk.data_page_offset = 90;
  chunk.dictionary_page_offset = 4;
  chunk.definition_level_histogram = {5, 15};
  chunk.statistics.min_value = "min";
  chunk.statistics.max_value = "max";
  chunk.statistics.is_min_cut = true;
  chunk.statistics.signed_min = "old min";
  chunk.statistics.signed_max = "old max";
  chunk.statistics.null_count = 5;
  chunk.statistics.nan_count = 1;
  row_group group;
  group.num_rows = 20;
  group.columns = {chunk};
  footer.num_rows = 20;
  footer.row_groups = {group};
  footer.created_by = "a test";
  footer.column_orders = {column_order::type_defined};
  footer.key_value_metadata = {{"k", "v"}, {"", ""}};
  const parquet_footer back = read_again(written(footer));
  check_round_trip(footer);
  const column_chunk &read = back.row_groups.at(0).columns.at(0);
  BOOST_TEST(back.row_groups[0].num_rows == 20);
  BOOST_TEST(read.codec == chunk.codec);
  BOOST_TEST(read.encodings == chunk.encodings);
  BOOST_TEST(read.num_values == chunk.num_values);
  BOOST_TEST(read.total_uncompressed_size == chunk.total_uncompressed_size);
  BOOST_TEST(read.total_compressed_size == chunk.total_compressed_size);
  BOOST_TEST(read.data_page_offset == chunk.data_page_offset);
  BOOST_TEST(read.dictionary_page_offset.value() == 4);
  BOOST_TEST((read.definition_level_histogram == chunk.definition_level_histogram));
  BOOST_TEST(read.statistics.min_value.value() == "min");
  BOOST_TEST(read.statistics.max_value.value() == "max");
  BOOST_TEST(read.statistics.is_min_cut);
  BOOST_TEST(!read.statistics.is_max_cut);
  BOOST_TEST(read.statistics.signed_min.value() == "old min");
  BOOST_TEST(read.statistics.signed_max.value() == "old max");
  BOOST_TEST(read.statistics.null_count.value() == 5);
  BOOST_TEST(read.statistics.nan_count.value() == 1);
  BOOST_TEST(back.root.children.at(0).field_id.value() == 0x7fffffff);
}

BOOST_AUTO_TEST_CASE(footers_of_real_files_are_read_back) {
  std::size_t count = 0;
  for (const auto &entry : std::filesystem::directory_iterator(std::string(EVODB_SOURCE_DIR) + "/tests/data/parquet")) {
    if (entry.path().extension() != ".parquet") continue;
    BOOST_TEST_CONTEXT(entry.path().filename().string()) {
      check_round_trip(real_file("tests/data/parquet/" + entry.path().filename().string()).footer());
      ++count;
    }
  }
  BOOST_TEST(count > 5U);
}

BOOST_AUTO_TEST_CASE(columns_have_every_type_that_can_be_read) {
  using kind = enum logical_type::kind;
  parquet_footer footer;
  footer.root.name = "root";
  const auto add = [&](kind of, auto change) {
    schema_node column;
    column.name = std::to_string(footer.root.children.size());
    column.physical = physical_type::byte_array;
    column.logical.kind = of;
    change(column.logical);
    footer.root.children.push_back(column);
  };
  const auto unchanged = [](logical_type &) {};
  for (const kind simple :
       {kind::none, kind::string, kind::map, kind::list, kind::enumeration, kind::date, kind::null, kind::json,
        kind::bson, kind::uuid, kind::float16, kind::variant, kind::interval, kind::map_key_value})
    add(simple, unchanged);
  add(kind::decimal, [](logical_type &t) { t.precision = 9, t.scale = 2; });
  for (const kind timed : {kind::time, kind::timestamp}) {
    for (const time_unit unit : {time_unit::millis, time_unit::micros, time_unit::nanos}) {
      for (const bool utc : {false, true})
        add(timed, [&](logical_type &t) { t.unit = unit, t.is_adjusted_to_utc = utc; });
    }
  }
  for (const int width : {8, 16, 32, 64}) {
    for (const bool is_signed : {false, true})
      add(kind::integer, [&](logical_type &t) { t.bit_width = width, t.is_signed = is_signed; });
  }
  const parquet_footer back = read_again(written(footer));
  BOOST_REQUIRE(back.root.children.size() == footer.root.children.size());
  for (std::size_t i = 0; i < footer.root.children.size(); ++i) {
    const logical_type &wanted = footer.root.children[i].logical, &found = back.root.children[i].logical;
    BOOST_TEST_CONTEXT("column " << i) {
      BOOST_TEST((found.kind == wanted.kind));
      BOOST_TEST(found.precision == wanted.precision);
      BOOST_TEST(found.scale == wanted.scale);
      BOOST_TEST(found.bit_width == wanted.bit_width);
      BOOST_TEST(found.is_signed == wanted.is_signed);
      if (wanted.kind == kind::time || wanted.kind == kind::timestamp) {
        BOOST_TEST((found.unit == wanted.unit));
        BOOST_TEST(found.is_adjusted_to_utc == wanted.is_adjusted_to_utc);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_type_that_could_not_be_read_is_not_written) {
  parquet_footer footer;
  schema_node column;
  column.physical = physical_type::byte_array;
  column.logical.kind = logical_type::kind::unrecognised;
  footer.root.children = {column};
  BOOST_CHECK_EXCEPTION(written(footer), error, is_failure(status::INVALID_ARGUMENT, "cannot be written"));
}

BOOST_AUTO_TEST_SUITE_END()
