#include "table/diff/changes.h"

#include "failure.h"
#include "table/made_history.h"
#include "table/rows_of.h"

using namespace evodb;
using namespace evodb::table_tests;

BOOST_AUTO_TEST_SUITE(changes_test)

namespace {

std::vector<text_row> change_rows(const made_history &in, const table &of, const changes_request &request) {
  return rows_of(in.environment, [of, request] { return changes_between(of, request); });
}

changes_request after(std::optional<std::int64_t> from, std::optional<std::int64_t> to = std::nullopt) {
  changes_request request;
  request.from = from;
  request.to = to;
  return request;
}

/// Each row as text, in no order.
std::multiset<std::string> listed(const std::vector<text_row> &rows) {
  std::multiset<std::string> all;
  for (const text_row &row : rows) {
    all.insert(row.at("snapshot_id") + ' ' + row.at("operation") + ' ' + row.at("change") + ' ' + row.at("content") +
               ' ' + row.at("file_path"));
  }
  return all;
}

/// From the first one asked for to the last.
std::vector<std::int64_t> lineage_of(const made_history &in, std::optional<std::int64_t> from, std::int64_t to) {
  std::vector<std::int64_t> ids;
  for (std::optional<std::int64_t> at = to; at != from; at = in.snapshots.at(*at).parent) ids.push_back(*at);
  std::reverse(ids.begin(), ids.end());
  return ids;
}

std::multiset<std::string> expected(const made_history &in, const std::vector<std::int64_t> &ids,
                                    const changes_request &request) {
  std::multiset<std::string> all;
  for (const std::int64_t id : ids) {
    const made_history::made_snapshot &by = in.snapshots.at(id);
    if (request.appends_only ? by.operation != "append" : by.operation == "replace" && !request.with_replace) continue;
    const auto add = [&](const char *change, const std::vector<made_history::file> &files) {
      for (const auto &one : files) {
        const bool is_data = one.what.content == file_content::data;
        if (request.appends_only && (!is_data || change != std::string("added"))) continue;
        all.insert(std::to_string(id) + ' ' + by.operation + ' ' + change + (is_data ? " data " : " deletion_vector ") +
                   one.what.file_path);
      }
    };
    add("added", by.added);
    add("removed", by.removed);
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(changes_are_what_each_snapshot_did) {
  for (std::uint32_t seed = 40; seed < 48; ++seed) {
    made_history in;
    in.keeps_deleted = seed % 2 == 0;
    const std::vector<std::int64_t> ids = in.add_at_random(seed, 10);
    const table of = in.made_current(ids.back());
    const std::vector<std::int64_t> all = lineage_of(in, std::nullopt, ids.back());
    for (std::size_t first = 0; first <= all.size(); ++first) {
      changes_request request = after(first == 0 ? std::nullopt : std::optional(all[first - 1]), ids.back());
      const std::vector<std::int64_t> by(all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
      for (const auto &[appends_only, with_replace] : {std::pair(false, false), {true, false}, {false, true}}) {
        request.appends_only = appends_only;
        request.with_replace = with_replace;
        const std::vector<text_row> rows = change_rows(in, of, request);
        BOOST_TEST_CONTEXT("seed " << seed << " from " << first << ' ' << appends_only << with_replace)
        BOOST_TEST(listed(rows) == expected(in, by, request), boost::test_tools::per_element());
        const auto earlier = [&](const text_row &one, const text_row &other) {
          return std::stoll(one.at("sequence_number")) < std::stoll(other.at("sequence_number"));
        };
        BOOST_TEST(std::is_sorted(rows.begin(), rows.end(), earlier));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(only_manifests_that_the_snapshots_added_are_read) {
  made_history in;
  std::optional<std::int64_t> last;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < 30; ++i) {
    last = in.add("append", last, {in.data(std::to_string(i), "eu")});
    ids.push_back(*last);
  }
  const table of = in.made_current(ids.back());
  BOOST_TEST(change_rows(in, of, after(ids[9], ids[29])).size() == 20u);
  BOOST_TEST(in.store->manifest_reads == 20);
  changes_request request = after(ids[26]);
  request.appends_only = true;
  BOOST_TEST(change_rows(in, of, request).size() == 3u);
  BOOST_TEST(change_rows(in, of, after(ids[29])).empty());
}

BOOST_AUTO_TEST_CASE(what_no_longer_leads_there_is_named) {
  made_history in;
  const std::int64_t first = in.add("append", std::nullopt, {in.data("a", "eu")});
  const std::int64_t second = in.add("append", first, {in.data("b", "eu")});
  const std::int64_t third = in.add("append", second, {in.data("c", "eu")});
  const std::int64_t beside = in.add("append", first, {in.data("d", "eu")});
  table of = in.made_current(third);
  CHECK_FAILS(change_rows(in, of, after(beside)), status::INVALID_ARGUMENT, "no ancestor");
  CHECK_FAILS(change_rows(in, of, after(third, second)), status::INVALID_ARGUMENT, "no ancestor");
  CHECK_FAILS(change_rows(in, of, after(7)), status::NOT_FOUND, "no snapshot 7");
  CHECK_FAILS(change_rows(in, of, after(first, 8)), status::NOT_FOUND, "no snapshot 8");
  changes_request both = after(first);
  both.appends_only = both.with_replace = true;
  CHECK_FAILS(change_rows(in, of, both), status::INVALID_ARGUMENT);
  const table appended = append(of, made_history::files(of, "e"));
  CHECK_FAILS(change_rows(in, appended, after(first)), status::UNSUPPORTED, "not committed");
  BOOST_TEST(change_rows(in, appended, after(first, third)).size() == 2u);

  in.expire(first);
  of = in.made_current(third);
  BOOST_TEST(change_rows(in, of, after(first)).size() == 2u);  // all that came after it is there
  CHECK_FAILS(change_rows(in, of, after(std::nullopt)), status::NOT_FOUND, "has expired");
  in.expire(second);
  of = in.made_current(third);
  CHECK_FAILS(change_rows(in, of, after(first)), status::NOT_FOUND, "has expired");
  CHECK_FAILS(change_rows(in, of, after(beside)), status::NOT_FOUND, "has expired");
  BOOST_TEST(change_rows(in, of, after(second)).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
