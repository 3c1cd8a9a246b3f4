#include "table/diff/diff.h"

#include "failure.h"
#include "table/made_history.h"
#include "table/rows_of.h"

using namespace evodb;
using namespace evodb::table_tests;

BOOST_AUTO_TEST_SUITE(diff_test)

namespace {

std::vector<text_row> diff_rows(const made_history &in, const table &of, const diff_request &request) {
  return rows_of(in.environment, [of, request] { return diff_snapshots(of, request); });
}

diff_request between(std::optional<std::int64_t> from, std::optional<std::int64_t> to) {
  diff_request request;
  request.from = from;
  request.to = to;
  return request;
}

/// By file paths; deletion vectors all have one.
std::multiset<std::string> paths_of(const std::vector<text_row> &rows, const std::string &change) {
  std::multiset<std::string> paths;
  for (const text_row &row : rows) {
    if (row.at("change") == change) paths.insert(row.at("file_path"));
  }
  return paths;
}

/// The files that the first snapshot has and the second has not.
std::vector<made_history::file> only_in(const made_history &in, std::optional<std::int64_t> one,
                                        std::optional<std::int64_t> other) {
  std::vector<made_history::file> files;
  if (!one) return files;
  const std::set<std::string> others = in.live_names(other);
  for (const auto &[name, file] : in.snapshots.at(*one).live) {
    if (!others.contains(name)) files.push_back(file);
  }
  return files;
}

std::multiset<std::string> paths_of(const std::vector<made_history::file> &files) {
  std::multiset<std::string> paths;
  for (const auto &one : files) paths.insert(one.what.file_path);
  return paths;
}

}  // namespace

BOOST_AUTO_TEST_CASE(any_two_snapshots_differ_by_the_files_that_one_of_them_lists) {
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    made_history in;
    const std::vector<std::int64_t> ids = in.add_at_random(seed, 8);
    const table of = in.made_current(ids.back());
    std::vector<std::optional<std::int64_t>> points(ids.begin(), ids.end());
    points.push_back(std::nullopt);
    for (const auto &from : points) {
      for (const std::int64_t to : ids) {
        const std::vector<text_row> rows = diff_rows(in, of, between(from, to));
        BOOST_TEST_CONTEXT("seed " << seed << " from " << from.value_or(-1) << " to " << to) {
          BOOST_TEST(paths_of(rows, "added") == paths_of(only_in(in, to, from)), boost::test_tools::per_element());
          BOOST_TEST(paths_of(rows, "removed") == paths_of(only_in(in, from, to)), boost::test_tools::per_element());
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(rows_say_what_the_manifests_do) {
  made_history in;
  const auto eu = in.data("a", "eu");
  const std::int64_t first = in.add("append", std::nullopt, {eu});
  const std::int64_t second = in.add("overwrite", first, {in.vector_of(eu, 4)});
  const table of = in.made_current(second);
  const std::vector<text_row> data = diff_rows(in, of, between(std::nullopt, first));
  const std::vector<text_row> vector = diff_rows(in, of, between(second, first));
  BOOST_REQUIRE(data.size() == 1u);
  const text_row expected{{"change", "added"},
                          {"content", "data"},
                          {"file_path", eu.what.file_path},
                          {"record_count", "11"},
                          {"file_size_in_bytes", "1011"},
                          {"spec_id", "0"},
                          {"partition", "{\"region\":\"eu\"}"},
                          {"partition_path", "region=eu"}};
  BOOST_TEST((data.front() == expected));
  BOOST_REQUIRE(vector.size() == 1u);
  BOOST_TEST(vector.front().at("change") == "removed");
  BOOST_TEST(vector.front().at("content") == "deletion_vector");
}

BOOST_AUTO_TEST_CASE(two_vectors_in_one_file_are_two_files) {
  made_history in;
  const auto a = in.data("a", "eu"), b = in.data("b", "eu");
  const auto old_vector = in.vector_of(a, 4), new_vector = in.vector_of(a, 84), other = in.vector_of(b, 44);
  const std::int64_t first = in.add("append", std::nullopt, {a, b});
  const std::int64_t second = in.add("overwrite", first, {old_vector, other});
  const std::int64_t third = in.add("overwrite", second, {new_vector}, {old_vector.name()});
  const std::vector<text_row> rows = diff_rows(in, in.made_current(third), between(second, third));
  BOOST_TEST(paths_of(rows, "added").size() == 1u);
  BOOST_TEST(paths_of(rows, "removed").size() == 1u);
}

BOOST_AUTO_TEST_CASE(only_manifests_that_one_of_the_two_has_are_read) {
  made_history in;
  std::optional<std::int64_t> last;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 20; ++i) {
    last = in.add("append", last, {in.data(std::to_string(i), "eu")});
    ids.push_back(*last);
  }
  const std::int64_t compacted = in.add("replace", last, {}, {}, true);
  const table of = in.made_current(compacted);
  diff_rows(in, of, between(ids[4], ids[4]));
  BOOST_TEST(in.store->manifest_reads == 0);
  BOOST_TEST(diff_rows(in, of, between(ids[17], ids[19])).size() == 2u);
  BOOST_TEST(in.store->manifest_reads == 2);
  BOOST_TEST(diff_rows(in, of, between(ids[19], ids[17])).size() == 2u);
  BOOST_TEST(in.store->manifest_reads == 2);  // out of the cache
  BOOST_TEST(diff_rows(in, of, between(ids[19], compacted)).empty());
  BOOST_TEST(in.store->manifest_reads == 21);
}

BOOST_AUTO_TEST_CASE(without_a_cache_the_smaller_side_is_read_twice) {
  made_history in(0);
  const std::int64_t first = in.add("append", std::nullopt, {in.data("a", "eu")});
  const std::int64_t second = in.add("append", first, {in.data("b", "eu"), in.data("c", "eu")});
  const std::int64_t third = in.add("replace", second, {}, {in.data("a", "eu").name()}, true);
  BOOST_TEST(diff_rows(in, in.made_current(third), between(second, third)).size() == 1u);
  BOOST_TEST(in.store->manifest_reads == 4);  // the compacted one, two, and the compacted one
}

BOOST_AUTO_TEST_CASE(sums_by_partition_are_those_of_the_rows) {
  for (std::uint32_t seed = 20; seed < 24; ++seed) {
    made_history in;
    const std::vector<std::int64_t> ids = in.add_at_random(seed, 8);
    const table of = in.made_current(ids.back());
    diff_request request = between(ids[2], ids.back());
    std::map<std::string, std::int64_t> expected;
    for (const text_row &row : diff_rows(in, of, request)) {
      const std::string prefix =
          row.at("partition_path") + ' ' + row.at("change") + (row.at("content") == "data" ? "_data_" : "_delete_");
      expected[prefix + "files"] += 1;
      expected[prefix + "records"] += std::stoll(row.at("record_count"));
      expected[prefix + "bytes"] += std::stoll(row.at("file_size_in_bytes"));
    }
    request.by_partition = true;
    std::map<std::string, std::int64_t> sums;
    for (const text_row &row : diff_rows(in, of, request)) {
      BOOST_TEST(row.at("from_schema_id") == "0");
      BOOST_TEST(row.at("to_schema_id") == "0");
      for (const auto &[column, text] : row) {
        if ((column.starts_with("added_") || column.starts_with("removed_")) && text != "0")
          sums[row.at("partition_path") + ' ' + column] += std::stoll(text);
      }
    }
    BOOST_TEST((sums == expected));
    BOOST_TEST(!sums.empty());
  }
}

BOOST_AUTO_TEST_CASE(snapshots_that_are_not_there_are_named) {
  made_history in;
  const std::int64_t first = in.add("append", std::nullopt, {in.data("a", "eu")});
  const table of = in.made_current(first);
  CHECK_FAILS(diff_rows(in, of, between(5, first)), status::NOT_FOUND, "no snapshot 5");
  CHECK_FAILS(diff_rows(in, of, between(first, 6)), status::NOT_FOUND, "no snapshot 6");
  const table appended = append(of, made_history::files(of, "b"));
  CHECK_FAILS(diff_rows(in, appended, between(first, std::nullopt)), status::UNSUPPORTED, "not committed");
  const table empty = in.create("other");
  BOOST_TEST(diff_rows(in, empty, between(std::nullopt, std::nullopt)).empty());
}

BOOST_AUTO_TEST_CASE(a_diff_that_is_cancelled_ends) {
  made_history in;
  const std::int64_t first = in.add("append", std::nullopt, {in.data("a", "eu")});
  const table of = in.made_current(first);
  const async_semaphore::permit closed = in.store->gate.acquire_at_once();
  blocking_rows rows(made_rows(in.environment, [of] { return diff_snapshots(of, {}); }));
  const std::shared_ptr<operation> reading = rows.fetch();
  in.store->wait_for_reads(1);
  rows.cancel();
  reading->wait(-1);
  CHECK_FAILS(rows.next(), status::CANCELLED);
  CHECK_FAILS(rows.next(), status::CANCELLED);
}

BOOST_AUTO_TEST_SUITE_END()
