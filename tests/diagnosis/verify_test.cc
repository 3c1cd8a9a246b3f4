#include "diagnosis/verify.h"

#include <boost/test/unit_test.hpp>

#include "table/many_snapshots.h"
#include "table/sample_table.h"

using namespace evodb;
using namespace evodb::table_tests;

BOOST_AUTO_TEST_SUITE(verify_test)

namespace {

std::vector<finding> verified(const sample_table &in, const table &of) {
  return run_to_end(in.environment, [of]() -> task<std::vector<finding>> { co_return co_await verify(of, false); });
}

std::shared_ptr<const table_files> many_files(const table &of, int count) {
  described_files described(of, false);
  for (int i = 0; i < count; ++i) {
    data_file one;
    one.file_path = "data/" + std::to_string(i) + ".parquet";
    one.record_count = 1;
    one.file_size = 1000;
    described.add(std::move(one), "{\"region\":\"eu\"}");
  }
  return described.finish();
}

/// Writes a version with other metadata over the newest one, and opens it as another process would.
table changed(const sample_table &in, const table &newest, const std::function<void(table_metadata &)> &change) {
  table_metadata other = *newest.metadata();
  change(other);
  const auto body = std::make_shared<const bytes>(write_table_metadata(other));
  const auto where = newest.context()->storage();
  run_to_end(in.environment, [where, body, at = newest.base().metadata_location]() -> task<> {
    std::string key = where->key_of(at);
    put_options options;
    co_await where->store().put(std::move(key), body, std::move(options));
  });
  const auto context = std::make_shared<open_tables>(where)->find("t");
  return run_to_end(in.environment, [context]() -> task<table> { co_return co_await open_table(context); });
}

void replace(table_metadata &in, std::size_t position, const std::function<void(snapshot &)> &change) {
  std::vector<std::shared_ptr<const snapshot>> all(in.snapshots.begin(), in.snapshots.end());
  snapshot other = *all[position];
  change(other);
  all[position] = std::make_shared<const snapshot>(std::move(other));
  in.snapshots = snapshot_list(std::move(all));
}

}  // namespace

// Were each snapshot to cost as much as its files, these are sixty million.
BOOST_AUTO_TEST_CASE(many_snapshots_of_many_files) {
  const sample_table in;
  const table empty = in.commit(in.create());
  const table one = in.commit(append(empty, many_files(empty, 20'000), {}));
  const table many = with_many_snapshots(in.environment, one, "t", 3'000);
  BOOST_TEST(verified(in, many).empty());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_comes_in_the_order_of_snapshots) {
  const sample_table in;
  table value = in.commit(in.create());
  for (const char *name : {"a", "b", "c", "d"}) value = in.commit(append(value, in.files(value, name), {}));
  const table wrong = changed(in, value, [](table_metadata &m) {
    // Two lines from the first on, so that the fourth is looked at before the third.
    replace(m, 2, [&](snapshot &s) { s.parent_snapshot_id = m.snapshots[0]->snapshot_id; });
    replace(m, 3, [&](snapshot &s) { s.parent_snapshot_id = m.snapshots[1]->snapshot_id; });
    for (std::size_t i = 0; i < 4; ++i) replace(m, i, [](snapshot &s) { set_value(s.summary, "total-records", "7"); });
  });
  const std::vector<finding> found = verified(in, wrong);
  BOOST_REQUIRE(found.size() == 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string id = std::to_string(wrong.metadata()->snapshots[i]->snapshot_id);
    BOOST_TEST(found[i].message.find("the summary of snapshot " + id + " says total-records 7") == 0u);
  }
}

BOOST_AUTO_TEST_CASE(parents_may_go_in_a_circle) {
  const sample_table in;
  table value = in.commit(in.create());
  for (const char *name : {"a", "b", "c"}) value = in.commit(append(value, in.files(value, name), {}));
  const table circular = changed(in, value, [](table_metadata &m) {
    replace(m, 0, [&](snapshot &s) { s.parent_snapshot_id = m.snapshots[2]->snapshot_id; });
    replace(m, 1, [](snapshot &s) { set_value(s.summary, "total-data-files", "7"); });
  });
  BOOST_TEST(verified(in, circular).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_list_that_has_left_and_a_file_that_is_there_twice) {
  const sample_table in;
  table value = in.commit(in.create());
  value = in.commit(append(value, in.files(value, "a"), {}));
  value = in.commit(append(value, in.files(value, "a"), {}));  // which was not checked
  value = in.commit(append(value, in.files(value, "b"), {}));
  const table wrong =
      changed(in, value, [](table_metadata &m) { replace(m, 0, [](snapshot &s) { s.manifest_list += "x"; }); });
  const std::vector<finding> found = verified(in, wrong);
  BOOST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[0].message.find("cannot be read") != std::string::npos);
  BOOST_TEST(found[1].path.ends_with("data/a.parquet"));
  BOOST_TEST(found[1].message.find("has the file twice") != std::string::npos);
}

/// Its newest version was lost: readers take the one below, and must not do so silently.
BOOST_AUTO_TEST_CASE(a_hint_that_names_a_version_which_is_not_there) {
  const sample_table in;
  table value = in.commit(in.create());
  for (const char *name : {"a", "b"}) value = in.commit(append(value, in.files(value, name), {}));
  BOOST_TEST(value.base().version == 3);
  const auto where = value.context()->storage();
  const auto opened = [&] {
    const auto tables = std::make_shared<open_tables>(where);
    return run_to_end(in.environment,
                      [tables]() -> task<table> { co_return co_await tables->open(tables->find("t")); });
  };
  run_to_end(in.environment, [where]() -> task<> {
    std::string hint = "t/metadata/version-hint.text";
    const auto third = std::make_shared<const bytes>("3");
    put_options options;
    co_await where->store().put(std::move(hint), third, std::move(options));
  });
  BOOST_TEST(opened().warnings().empty());
  run_to_end(in.environment, [where, at = value.base().metadata_location]() -> task<> {
    std::vector<std::string> lost{where->key_of(at)};
    co_await where->store().remove(std::move(lost));
  });
  const table older = opened();
  BOOST_TEST(older.base().version == 2);
  BOOST_REQUIRE(older.warnings().size() == 1u);
  BOOST_TEST((older.warnings().front().code() == status::CORRUPT));
  const std::vector<finding> found = verified(in, older);
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found[0].is_error);
  BOOST_TEST(found[0].path == "memory://sample/t/metadata/version-hint.text");
  BOOST_TEST(found[0].message.find("names version 3, which is not there") != std::string::npos);
  BOOST_TEST(found[0].message.find("the newest version that is there is 2") != std::string::npos);
  BOOST_TEST(in.refresh(older).warnings().empty());  // which does not read the hint
}

BOOST_AUTO_TEST_SUITE_END()
