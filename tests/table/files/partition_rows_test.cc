// Partitions of rows, for callers who write the files: as Iceberg computes and writes them, from JSON and from Arrow.

#include "table/files/partition_rows.h"

#include <boost/test/unit_test.hpp>

#include "arrow/array_view.h"
#include "arrow/arrow_arrays.h"
#include "base/little_endian.h"
#include "failure.h"

using namespace evodb;
using evodb::testing::arrow_column;

BOOST_AUTO_TEST_SUITE(partition_rows)

namespace {

using ints = std::vector<std::int32_t>;
using longs = std::vector<std::int64_t>;

constexpr std::int64_t day = 86'400'000'000;

const schema &columns() {
  const type inner = type::structure({{0, "b", false, type_kind::string, {}, {}, {}}});
  static const schema all(0, keep_or_assign_ids({{0, "ts", true, type_kind::timestamp, {}, {}, {}},
                                                 {0, "id", false, type_kind::int64, {}, {}, {}},
                                                 {0, "a", false, inner, {}, {}, {}},
                                                 {0, "price", false, type::decimal(9, 2), {}, {}, {}},
                                                 {0, "note", false, type_kind::string, {}, {}, {}}}));
  return all;
}

row_partition of_row(const std::string &spec, const std::string &row) {
  return partition_of_row(parse_partition_spec(spec, columns()), columns(), row);
}

struct partitioned {
  partitioned(const std::string &spec, arrow_column &rows) {
    partition_of_rows(parse_partition_spec(spec, columns()), columns(), rows.array, rows.schema, *array, *schema);
  }
  imported_array column(int i) { return {(*schema).children[i], (*array).children[i], (*schema).children[i]->name}; }
  std::string text(int i, std::int64_t row) { return std::string(text_view(column(i), {0, (*array).length}).at(row)); }

  owned<ArrowSchema> schema;
  owned<ArrowArray> array;
};

/// Three rows: ids 34, null and 35 of two days, notes.
std::unique_ptr<arrow_column> rows() {
  auto root = std::make_unique<arrow_column>("+s", "", 3);
  root->child("tsm:", "ts", 3).values(longs{0, 1, 86'400'000});
  root->child("l", "id", 3).values(longs{34, 0, 35}).validity({0b101});
  root->child("u", "note", 3).values(ints{0, 0, 0, 0}).text("");
  return root;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_row_has_its_partition) {
  const row_partition both =
      of_row("day(ts), bucket(16, id)", R"({"ts":"2013-07-01T05:15:00","id":34,"note":"passed over"})");
  BOOST_TEST(both.json == R"({"ts_day":"2013-07-01","id_bucket":3})");
  BOOST_TEST(both.path == "ts_day=2013-07-01/id_bucket=3");
  const row_partition others = of_row("month(ts), truncate(2, a.b) AS ab, price",
                                      R"({"ts":"1969-12-31T23:59:59","a.b":"x/y z","price":"14.20"})");
  BOOST_TEST(others.json == R"({"ts_month":-1,"ab":"x/","price":"14.20"})");
  BOOST_TEST(others.path == "ts_month=1969-12/ab=x%2F/price=14.20");
}

BOOST_AUTO_TEST_CASE(nulls_stay_null) {
  const row_partition nulls = of_row("bucket(16, id), void(ts)", R"({"id":null})");
  BOOST_TEST(nulls.json == R"({"id_bucket":null,"ts_null":null})");
  BOOST_TEST(nulls.path == "id_bucket=null/ts_null=null");
  CHECK_FAILS(of_row("day(ts)", R"({"ts":null})"), status::INVALID_ARGUMENT,
              "column ts is required and cannot be null");
}

BOOST_AUTO_TEST_CASE(rows_that_do_not_say_it_all_are_refused) {
  CHECK_FAILS(of_row("id", "{}"), status::INVALID_ARGUMENT, "lacks the column id");
  CHECK_FAILS(of_row("id", R"({"id":1,"idd":2})"), status::INVALID_ARGUMENT, "the schema has no column idd");
  CHECK_FAILS(of_row("id", R"({"id":"34"})"), status::INVALID_ARGUMENT, "$.id");
  CHECK_FAILS(of_row("id", "[1]"), status::INVALID_ARGUMENT);
  CHECK_FAILS(of_row("id", ""), status::INVALID_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(partitions_that_the_columns_type_does_not_have_are_refused) {
  CHECK_FAILS(of_row("truncate(10, price)", R"({"price":"-9999999.99"})"), status::INVALID_ARGUMENT,
              "partition field price_trunc: truncate[10] gives -10000000.00, but decimal(9,2) has at most 9 digits");
  BOOST_TEST(of_row("truncate(10, price)", R"({"price":"9999999.99"})").json == R"({"price_trunc":"9999999.90"})");
}

BOOST_AUTO_TEST_CASE(no_fields_no_partition) {
  const row_partition none = partition_of_row({}, columns(), "{}");
  BOOST_TEST(none.json == "{}");
  BOOST_TEST(none.path == "");
}

BOOST_AUTO_TEST_CASE(unknown_transforms_are_not_guessed) {
  partition_spec spec = parse_partition_spec("id", columns());
  spec.fields[0].transform = transform::parse("zorder");
  CHECK_FAILS(partition_of_row(spec, columns(), R"({"id":1})"), status::UNSUPPORTED, "transform zorder");
}

BOOST_AUTO_TEST_CASE(rows_of_arrow_have_theirs) {
  const auto given = rows();
  partitioned out("day(ts), bucket(16, id), id", *given);
  BOOST_REQUIRE_EQUAL((*out.schema).n_children, 5);
  BOOST_TEST((*out.array).length == 3);
  BOOST_TEST(out.column(0).column == "partition");
  BOOST_TEST(out.column(1).column == "partition_path");
  BOOST_TEST(out.column(2).column == "ts_day");
  BOOST_TEST((*out.schema).children[2]->format == std::string("tdD"));
  BOOST_TEST(out.text(0, 0) == R"({"ts_day":"1970-01-01","id_bucket":3,"id":34})");
  BOOST_TEST(out.text(0, 1) == R"({"ts_day":"1970-01-01","id_bucket":null,"id":null})");
  BOOST_TEST(out.text(1, 0) == "ts_day=1970-01-01/id_bucket=3/id=34");
  const number_view<std::int32_t> buckets(out.column(3), {0, 3});
  BOOST_TEST(buckets.at(0) == 3);
  BOOST_TEST(buckets.is_null(1));
  const fixed_view days(out.column(2), {0, 3}, "tdD", 4);
  BOOST_TEST(load_le<std::int32_t>(days.at(2).data()) == 1);
}

BOOST_AUTO_TEST_CASE(an_offset_of_the_struct_counts) {
  const auto given = rows();
  given->offset(2);
  partitioned out("day(ts)", *given);
  BOOST_TEST((*out.array).length == 1);
  BOOST_TEST(out.text(0, 0) == R"({"ts_day":"1970-01-02"})");
}

BOOST_AUTO_TEST_CASE(arrow_columns_that_do_not_fit_are_refused) {
  const auto refused = [](const std::string &spec, arrow_column &given, const std::string &why) {
    CHECK_FAILS(partitioned(spec, given), status::INVALID_ARGUMENT, why);
  };
  refused("price", *rows(), "Arrow column price: missing, but required");
  refused(
      "truncate(2, note)",
      *[] {
        auto wrong = rows();
        wrong->child("l", "unheard_of", 3).values(longs{1, 2, 3});
        return wrong;
      }(),
      "the schema has no column unheard_of");
  const auto twice = rows();
  twice->child("l", "id", 3).values(longs{1, 2, 3});
  refused("id", *twice, "Arrow column id: comes twice");
  const auto no_time = rows();
  (*no_time)["ts"].validity({0b101});
  refused("day(ts)", *no_time, "Arrow column ts: row 1: null, but the column is required");
  const auto no_row = rows();
  no_row->validity({0b011});
  refused("id", *no_row, "row 2: null, but required");
}

BOOST_AUTO_TEST_SUITE_END()
