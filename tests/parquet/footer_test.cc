#include "parquet/footer.h"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <string>

#include "failure.h"
#include "footer_builder.h"
#include "parquet/metrics.h"
#include "parquet/schema.h"
#include "real_file.h"
#include "table_builder.h"

using namespace evodb;
using namespace evodb::testing;

BOOST_AUTO_TEST_SUITE(footer)

namespace {

bytes tail(std::uint32_t length, std::string_view magic = "PAR1") {
  return plain(length) + bytes(magic);
}

file_facts two_columns() {
  file_facts facts;
  facts.columns = {leaf("id", physical_type::int64),
                   leaf("name", physical_type::byte_array, {.logical = logical(string_logical)})};
  facts.groups = {
      {2, {{.lower = plain<std::int64_t>(1), .upper = plain<std::int64_t>(2)}, {.lower = "a", .upper = "b"}}}};
  return facts;
}

/// Reads whatever it is and inspects it for a table: an error or a result, and nothing else.
void try_to_read(byte_view footer, const schema &table, std::int64_t file_size) {
  try {
    const parquet_footer read = read_footer(footer, "hostile");
    to_iceberg_fields(read, "hostile");
    const file_rules rules{table, no_earlier_schemas, nullptr, unpartitioned};
    inspect_parquet(read, rules, metrics_config_from({}, table), "hostile", file_size);
  } catch (const error &e) {
    BOOST_CHECK(e.code() != status::INTERNAL);
    BOOST_TEST(e.message().find("hostile") != std::string::npos, e.message());
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(finds_the_footer) {
  const footer_extent extent = find_footer("some bytes before" + tail(100), 1000, "f");
  BOOST_TEST(extent.offset == 892);
  BOOST_TEST(extent.length == 100);
  BOOST_TEST(find_footer(tail(88), 100, "f").offset == 4);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_parquet_file) {
  const auto refused = [](byte_view last, std::int64_t size, status code, std::string_view why) {
    BOOST_CHECK_EXCEPTION(find_footer(last, size, "s3://b/f"), error, is_failure(code, why));
    BOOST_CHECK_EXCEPTION(find_footer(last, size, "s3://b/f"), error, is_failure(code, "s3://b/f"));
  };
  refused("", 0, status::CORRUPT, "too short");
  refused("PAR1", 4, status::CORRUPT, "too short");
  refused(tail(0), 11, status::CORRUPT, "too short");
  refused(tail(10, "PAR2"), 100, status::CORRUPT, "not a Parquet file");
  refused(tail(10, "PARE"), 100, status::UNSUPPORTED, "encrypted");
  refused(tail(89), 100, status::CORRUPT, "longer than the file");
  refused(tail(0xffffffff), 100, status::CORRUPT, "longer than the file");
  refused(tail(0x7fffffff), std::int64_t{1} << 40, status::CORRUPT, "longer than any real one");
}

BOOST_AUTO_TEST_CASE(reads_rows_columns_and_statistics) {
  file_facts facts = two_columns();
  facts.groups[0].chunks[0].dictionary_page_offset = 4;
  facts.groups[0].chunks[0].data_page_offset = 40;
  facts.groups[0].chunks[0].nulls.reset();
  facts.groups.push_back({3, {{.nans = 1, .definition_levels = {0, 3}}, {.signed_lower = "x"}}});
  const parquet_footer footer = read_footer(build_footer(facts), "f");
  BOOST_TEST(footer.num_rows == 5);
  BOOST_TEST(footer.created_by == "a test");
  BOOST_REQUIRE(footer.row_groups.size() == 2u);
  const column_chunk &first = footer.row_groups[0].columns[0];
  BOOST_TEST(first.start() == 4);
  BOOST_TEST(first.num_values == 2);
  BOOST_TEST(first.total_compressed_size == 10);
  BOOST_CHECK(!first.statistics.null_count);
  BOOST_CHECK(first.statistics.min_value == plain<std::int64_t>(1));
  BOOST_CHECK(first.statistics.max_value == plain<std::int64_t>(2));
  const row_group &second = footer.row_groups[1];
  BOOST_CHECK(second.columns[0].statistics.nan_count == 1);
  BOOST_TEST(second.columns[0].definition_level_histogram == (std::vector<std::int64_t>{0, 3}),
             boost::test_tools::per_element());
  BOOST_CHECK(second.columns[1].statistics.signed_min == "x");
  BOOST_CHECK(footer.column_orders == std::vector<column_order>(2, column_order::type_defined));
}

BOOST_AUTO_TEST_CASE(a_dictionary_at_offset_zero_is_none) {
  column_chunk chunk;
  chunk.data_page_offset = 4;
  chunk.dictionary_page_offset = 0;
  BOOST_TEST(chunk.start() == 4);
}

BOOST_AUTO_TEST_CASE(reads_what_arrow_wrote) {
  const parquet_footer footer = real_file("tests/data/parquet/no_ids.parquet").footer();
  BOOST_TEST(footer.num_rows == 6);
  BOOST_TEST(footer.row_groups.size() == 3u);
  BOOST_TEST(footer.created_by.starts_with("parquet-cpp-arrow"));
  BOOST_TEST(footer.row_groups[0].columns[1].codec == 1);  // snappy
  BOOST_CHECK(footer.row_groups[0].columns[1].statistics.min_value == "AA");
  BOOST_CHECK(footer.row_groups[1].columns[1].statistics.null_count == 2);
  BOOST_CHECK(!footer.row_groups[1].columns[1].statistics.min_value);
}

BOOST_AUTO_TEST_CASE(refuses_footers_that_contradict_themselves) {
  const auto refused = [](const file_facts &facts, std::string_view why) {
    BOOST_CHECK_EXCEPTION(read_footer(build_footer(facts), "f"), error, is_failure(status::CORRUPT, why));
  };
  file_facts rows = two_columns();
  rows.rows = 3;
  refused(rows, "the file has 3 rows, its row groups 2");
  file_facts fewer = two_columns();
  fewer.groups[0].chunks.pop_back();
  refused(fewer, "fewer columns");
  file_facts negative = two_columns();
  negative.groups[0].chunks[0].size = -1;
  refused(negative, "negative");
  file_facts overflow = two_columns();
  overflow.groups[0].rows = std::numeric_limits<std::int64_t>::max();
  overflow.rows = 2;
  overflow.groups.push_back({1, {{}, {}}});
  refused(overflow, "does not fit 64 bits");
  file_facts deep = two_columns();
  node nested = leaf("x", physical_type::int32);
  for (int i = 0; i < schema_node::max_depth + 1; ++i) nested = group("g", {nested});
  deep.columns = {nested};
  deep.groups.clear();
  refused(deep, "nested too deeply");
  file_facts unnamed = two_columns();
  unnamed.columns[0] = {compact_struct().i32(1, 1), {}, "id", physical_type::int32};
  refused(unnamed, "name is missing");
  file_facts ill_formed = two_columns();
  ill_formed.columns[0] = leaf("\xff", physical_type::int64);
  refused(ill_formed, "not UTF-8");
  file_facts lengthless = two_columns();
  lengthless.columns[0] = leaf("id", physical_type::fixed_len_byte_array);
  refused(lengthless, "without a length");
  file_facts childless = two_columns();
  childless.columns[0] = group("g", {});
  childless.groups.clear();
  refused(childless, "a group without columns");
}

BOOST_AUTO_TEST_CASE(refuses_columns_that_are_not_the_schemas) {
  const std::vector<compact_struct> elements{group("schema", {leaf("id", physical_type::int64)}).element,
                                             leaf("id", physical_type::int64).element};
  const auto with_chunk = [&](const compact_struct &chunk) {
    const compact_struct row_group = compact_struct().structures(1, {chunk}).i64(3, 1);
    return compact_struct().structures(2, elements).i64(3, 1).structures(4, {row_group}).encoded();
  };
  const auto refused = [&](const compact_struct &chunk, status code, std::string_view why) {
    BOOST_CHECK_EXCEPTION(read_footer(with_chunk(chunk), "f"), error, is_failure(code, why));
  };
  read_footer(with_chunk(chunk_struct({}, {"id"}, physical_type::int64, 1)), "f");
  refused(chunk_struct({}, {"other"}, physical_type::int64, 1), status::CORRUPT, "not those of the schema");
  refused(chunk_struct({}, {"id", "x"}, physical_type::int64, 1), status::CORRUPT, "not those of the schema");
  refused(chunk_struct({}, {}, physical_type::int64, 1), status::CORRUPT, "not those of the schema");
  refused(chunk_struct({}, {"id"}, physical_type::int32, 1), status::CORRUPT, "not the schema's");
  refused(compact_struct().i64(2, 0), status::CORRUPT, "metadata is missing");
  refused(compact_struct().binary(1, "other.parquet"), status::UNSUPPORTED, "other files");
  refused(compact_struct().structure(8, empty()), status::UNSUPPORTED, "encrypted");
}

BOOST_AUTO_TEST_CASE(passes_over_column_orders_it_does_not_know) {
  const std::vector<compact_struct> elements{group("schema", {leaf("id", physical_type::int64)}).element,
                                             leaf("id", physical_type::int64).element};
  const auto footer = [&](int order) {
    return read_footer(
        compact_struct().structures(2, elements).i64(3, 0).structures(4, {}).structures(7, {logical(order)}).encoded(),
        "f");
  };
  BOOST_CHECK(footer(1).column_orders.at(0) == column_order::type_defined);
  BOOST_CHECK(footer(2).column_orders.at(0) == column_order::ieee754_total);
  BOOST_CHECK(footer(9).column_orders.at(0) == column_order::undefined);
}

BOOST_AUTO_TEST_CASE(a_schema_tree_cannot_promise_more_than_it_holds) {
  const compact_struct root = compact_struct().binary(4, "schema").i32(5, std::numeric_limits<std::int32_t>::max());
  const bytes footer = compact_struct().structures(2, {root}).i64(3, 0).structures(4, {}).encoded();
  BOOST_CHECK_EXCEPTION(read_footer(footer, "f"), error, is_failure(status::CORRUPT, "ends within a group"));
}

/// Every byte of real footers flipped, left out and doubled, and every beginning of them.
BOOST_AUTO_TEST_CASE(survives_damage) {
  for (const char *name : {"primitives", "nested", "no_ids", "nanoseconds"}) {
    const real_file file(std::string("tests/data/parquet/") + name + ".parquet");
    const bytes good(file.footer_bytes());
    const schema table(0, keep_or_assign_ids(to_iceberg_fields(file.footer(), name)));
    const auto try_it = [&](byte_view footer) { try_to_read(footer, table, file.size()); };
    try_it(good);
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const int bits : {0x01, 0x10, 0x80, 0xff}) {
        bytes flipped = good;
        flipped[i] = static_cast<char>(flipped[i] ^ bits);
        try_it(flipped);
      }
      try_it(bytes(good).erase(i, 1));
      try_it(bytes(good).insert(i, 1, good[i]));
      try_it(byte_view(good).substr(0, i));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
