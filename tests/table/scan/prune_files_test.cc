// Which files of a caller's own list may match: as a plan of a table that has them, and what is unknown keeps its file.

#include "table/scan/prune_files.h"

#include <boost/test/unit_test.hpp>

#include "arrow/arrow_arrays.h"
#include "expression/bind.h"
#include "expression/parse.h"
#include "failure.h"

using namespace evodb;
using evodb::testing::arrow_column;

BOOST_AUTO_TEST_SUITE(prune_files_test)

namespace {

using ints = std::vector<std::int32_t>;
using longs = std::vector<std::int64_t>;

std::shared_ptr<const schema> columns() {
  field id, day;
  id.id = 1;
  id.name = "id";
  id.type = type_kind::int64;
  day.id = 2;
  day.name = "day";
  day.type = type_kind::date;
  return std::make_shared<const schema>(0, std::vector<field>{id, day});
}

std::shared_ptr<const spec_pruning> pruning(const char *filter, const char *spec) {
  const auto all = columns();
  partition_spec by;
  if (*spec != '\0') by = parse_partition_spec(spec, *all);
  return std::make_shared<const spec_pruning>(evodb::bind(parse_filter(filter), *all), by, all);
}

/// Four files, a to d. Ids of a: 0 to 9, of b: 10 to 19, of c: 20 on, of d: nothing known. Days of a and b: 2020-01-05, of
/// c: 2020-02-01, of d: unknown.
struct list {
  explicit list(longs record_counts = {10, 10, 10, -1}, bool has_partitions = true) : root("+s", "", 4) {
    root.child("u", "file_path", 4).values(ints{0, 1, 2, 3, 4}).text("abcd");
    root.child("l", "record_count", 4).values(record_counts);
    root.child("l", "file_size_in_bytes", 4).values(longs{1, 1, 1, 1});
    if (has_partitions) {
      const std::string january = R"({"day":"2020-01-05"})", february = R"({"day":"2020-02-01"})";
      root.child("u", "partition", 4).values(ints{0, 20, 40, 60, 60}).text(january + january + february);
    }
    add_bounds("lower_bounds", 3, {0, 10, 20});
    add_bounds("upper_bounds", 2, {9, 19});
  }

  void add_bounds(const char *name, std::int32_t known, const longs &bounds) {
    ints ends{0};
    for (std::int32_t i = 1; i <= 4; ++i) ends.push_back(std::min(i, known));
    arrow_column &entries = root.child("+m", name, 4).values(ends).map_child(known, "z");
    ints octet_ends{0};
    std::string octets;
    for (const std::int64_t bound : bounds) {
      append_le(octets, bound);
      octet_ends.push_back(static_cast<std::int32_t>(octets.size()));
    }
    entries["key"].values(ints(static_cast<std::size_t>(known), 1));
    entries["value"].values(octet_ends).text(octets);
  }

  planned_files prune(const char *filter, const char *spec) {
    return prune_files(import_data_files(root.array, root.schema, *columns()), pruning(filter, spec));
  }

  arrow_column root;
};

/// The paths that are kept, each with what is left of the filter.
std::string kept(const char *filter, const char *spec = "day") {
  list files;
  const planned_files left = files.prune(filter, spec);
  std::string text;
  for (std::size_t i = 0; i < left.rows.size(); ++i) {
    text += (i == 0 ? "" : "; ") + std::string(left.columns().path(left.rows[i])) + " " + left.residual(i);
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(partitions_and_bounds_decide_and_what_is_unknown_keeps_its_file) {
  BOOST_TEST(kept("TRUE") == "a TRUE; b TRUE; c TRUE; d TRUE");
  BOOST_TEST(kept("FALSE") == "");
  BOOST_TEST(kept("id = 15") == "b id = 15; d id = 15");
  BOOST_TEST(kept("id > 25") == "c id > 25; d id > 25");
  BOOST_TEST(kept("day = '2020-01-05'") == "a TRUE; b TRUE; d day = DATE '2020-01-05'");
  BOOST_TEST(kept("day = '2020-01-05' AND id < 10") == "a id < 10; d day = DATE '2020-01-05' AND id < 10");
  BOOST_TEST(kept("day > '2020-01-31' AND id < 20") == "d day > DATE '2020-01-31' AND id < 20");
  BOOST_TEST(kept("day > '2020-01-31' OR id = 5") ==
             "a id = 5; b id = 5; c TRUE; d day > DATE '2020-01-31' OR id = 5");  // no bounds of days
}

BOOST_AUTO_TEST_CASE(without_a_spec_bounds_alone_decide) {
  list files({10, 0, 10, -1}, false);
  const planned_files left = files.prune("id >= 0", "");
  BOOST_TEST(left.rows == (std::vector<std::uint32_t>{0, 2, 3}), boost::test_tools::per_element());  // b has no rows
  BOOST_TEST(left.residual(0) == "id >= 0");
}

BOOST_AUTO_TEST_CASE(partitions_that_are_left_out_are_unknown) {
  list files({10, 10, 10, 10}, false);
  const planned_files left = files.prune("day = '2020-01-05' AND id < 15", "day");
  BOOST_TEST(left.rows == (std::vector<std::uint32_t>{0, 1, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_no_file_can_have_is_refused_naming_the_file) {
  list files({10, 10, -2, 10});
  CHECK_FAILS(files.prune("TRUE", "day"), status::INVALID_ARGUMENT, "c: record_count is -2");
  list others;
  CHECK_FAILS(others.prune("TRUE", ""), status::INVALID_ARGUMENT, "no partition field day");
  list in_months;
  CHECK_FAILS(in_months.prune("TRUE", "month(day) AS day"), status::INVALID_ARGUMENT, "day");
}

BOOST_AUTO_TEST_SUITE_END()
