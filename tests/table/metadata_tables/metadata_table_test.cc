#include "table/metadata_tables/metadata_table.h"

#include "failure.h"
#include "table/made_history.h"
#include "table/rows_of.h"

using namespace evodb;
using namespace evodb::table_tests;

BOOST_AUTO_TEST_SUITE(metadata_table_test)

namespace {

std::vector<text_row> table_rows(const made_history &in, const table &of, const char *name,
                                 const scan_request &at = {}) {
  const metadata_table which = metadata_table_from(name);
  return rows_of(in.environment, [of, which, at] { return read_metadata_table(of, which, at); });
}

std::multiset<std::string> values_of(const std::vector<text_row> &rows, const std::string &column) {
  std::multiset<std::string> all;
  for (const text_row &row : rows) all.insert(row.at(column));
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(files_and_partitions_are_those_that_live) {
  for (std::uint32_t seed = 60; seed < 64; ++seed) {
    made_history in;
    const std::vector<std::int64_t> ids = in.add_at_random(seed, 8);
    const table of = in.made_current(ids.back());
    for (const std::int64_t id : ids) {
      scan_request at;
      at.snapshot_id = id;
      std::multiset<std::string> paths;
      std::map<std::string, std::int64_t> sums;
      for (const auto &[name, one] : in.snapshots.at(id).live) {
        paths.insert(one.what.file_path);
        const bool is_data = one.what.content == file_content::data;
        const std::string partition = "{\"region\":\"" + one.region + "\"}";
        sums[partition + (is_data ? "file_count" : "position_delete_file_count")] += 1;
        sums[partition + (is_data ? "record_count" : "position_delete_record_count")] += one.what.record_count;
        if (is_data) sums[partition + "total_data_file_size_in_bytes"] += one.what.file_size;
      }
      BOOST_TEST(values_of(table_rows(in, of, "files", at), "file_path") == paths, boost::test_tools::per_element());
      std::map<std::string, std::int64_t> found;
      for (const text_row &row : table_rows(in, of, "partitions", at)) {
        for (const char *column :
             {"file_count", "record_count", "total_data_file_size_in_bytes", "position_delete_file_count",
              "position_delete_record_count", "equality_delete_file_count", "equality_delete_record_count"}) {
          if (row.at(column) != "0") found[row.at("partition") + column] = std::stoll(row.at(column));
        }
      }
      BOOST_TEST((found == sums));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_partition_names_the_last_snapshot_that_added_to_it) {
  made_history in;
  const std::int64_t first = in.add("append", std::nullopt, {in.data("a", "eu"), in.data("b", "us")});
  const std::int64_t second = in.add("append", first, {in.data("c", "eu")}, {}, true);
  table of = in.made_current(second);
  std::map<std::string, std::string> by;
  for (const text_row &row : table_rows(in, of, "partitions"))
    by[row.at("partition")] = row.at("last_updated_snapshot_id");
  BOOST_TEST(by.at("{\"region\":\"eu\"}") == std::to_string(second));
  BOOST_TEST(by.at("{\"region\":\"us\"}") == std::to_string(first));
  in.expire(first);
  of = in.made_current(second);
  for (const text_row &row : table_rows(in, of, "partitions")) {
    const bool is_us = row.at("partition") == "{\"region\":\"us\"}";
    BOOST_TEST((row.at("last_updated_at") == "null") == is_us);
    BOOST_TEST((row.at("last_updated_snapshot_id") == "null") == is_us);
  }
}

BOOST_AUTO_TEST_CASE(manifests_are_those_of_the_list) {
  made_history in;
  const auto a = in.data("a", "eu"), b = in.data("b", "us");
  const std::int64_t first = in.add("append", std::nullopt, {a, b});
  const std::int64_t second = in.add("overwrite", first, {in.vector_of(b, 4)}, {a.name()});
  const std::vector<text_row> rows = table_rows(in, in.made_current(second), "manifests");
  BOOST_REQUIRE(rows.size() == 2u);
  BOOST_TEST(in.store->manifest_reads == 0);
  const text_row &data = rows[0], &deletes = rows[1];
  BOOST_TEST(data.at("content") == "0");
  BOOST_TEST(data.at("existing_data_files_count") == "1");
  BOOST_TEST(data.at("deleted_data_files_count") == "1");
  BOOST_TEST(data.at("added_delete_files_count") == "0");
  BOOST_TEST(data.at("partition_summaries") ==
             "[{\"contains_null\":false,\"contains_nan\":false,\"lower_bound\":\"eu\",\"upper_bound\":\"us\"}]");
  BOOST_TEST(deletes.at("content") == "1");
  BOOST_TEST(deletes.at("added_data_files_count") == "0");
  BOOST_TEST(deletes.at("added_delete_files_count") == "1");
  BOOST_TEST(deletes.at("added_snapshot_id") == std::to_string(second));
}

BOOST_AUTO_TEST_CASE(files_have_all_that_manifests_say) {
  made_history in;
  auto a = in.data("a", "eu");
  column_metrics ids, regions;
  ids.field_id = 1;
  ids.column_size = 40;
  ids.value_count = 11;
  ids.null_value_count = 0;
  ids.lower_bound = to_single_value(type_kind::int64, std::int64_t{-5});
  ids.upper_bound = to_single_value(type_kind::int64, std::int64_t{7});
  regions.field_id = 2;
  regions.lower_bound = bytes("\xC3");  // cut within a character: not known
  regions.upper_bound = bytes("eu");
  a.what.metrics = {ids, regions};
  a.what.split_offsets = {4, 500};
  const auto vector = in.vector_of(a, 4);
  const std::int64_t first = in.add("append", std::nullopt, {a});
  const std::int64_t second = in.add("overwrite", first, {vector});
  const std::vector<text_row> rows = table_rows(in, in.made_current(second), "files");
  BOOST_REQUIRE(rows.size() == 2u);
  const text_row expected_data{{"content", "0"},
                               {"file_path", a.what.file_path},
                               {"file_format", "parquet"},
                               {"spec_id", "0"},
                               {"partition", "{\"region\":\"eu\"}"},
                               {"record_count", "11"},
                               {"file_size_in_bytes", "1011"},
                               {"column_sizes", "{\"1\":40}"},
                               {"value_counts", "{\"1\":11}"},
                               {"null_value_counts", "{\"1\":0}"},
                               {"nan_value_counts", "null"},
                               {"lower_bounds", "{\"1\":-5}"},
                               {"upper_bounds", "{\"1\":7,\"2\":\"eu\"}"},
                               {"key_metadata", "null"},
                               {"split_offsets", "[4,500]"},
                               {"equality_ids", "null"},
                               {"sort_order_id", "null"},
                               {"first_row_id", "0"},
                               {"referenced_data_file", "null"},
                               {"content_offset", "null"},
                               {"content_size_in_bytes", "null"}};
  for (const auto &[column, text] : expected_data) BOOST_TEST(rows[0].at(column) == text, column);
  BOOST_TEST(rows[0].size() == expected_data.size());
  BOOST_TEST(rows[1].at("content") == "1");
  BOOST_TEST(rows[1].at("file_format") == "puffin");
  BOOST_TEST(rows[1].at("referenced_data_file") == a.what.file_path);
  BOOST_TEST(rows[1].at("content_offset") == "4");
  BOOST_TEST(rows[1].at("content_size_in_bytes") == "40");
}

BOOST_AUTO_TEST_CASE(snapshots_history_and_refs_are_those_of_the_metadata) {
  made_history in;
  const std::int64_t first = in.add("append", std::nullopt, {in.data("a", "eu")});
  const std::int64_t second = in.add("append", first, {in.data("b", "eu")});
  const std::int64_t beside = in.add("delete", first, {}, {in.data("a", "eu").name()});
  snapshot_ref tag;
  tag.snapshot_id = first;
  tag.is_branch = false;
  tag.max_ref_age_ms = 9;
  in.metadata.refs["old"] = tag;
  const table of = in.made_current(second);
  const std::vector<text_row> snapshots = table_rows(in, of, "snapshots");
  BOOST_REQUIRE(snapshots.size() == 3u);
  BOOST_TEST(snapshots[0].at("parent_id") == "null");
  BOOST_TEST(snapshots[2].at("parent_id") == std::to_string(first));
  BOOST_TEST(snapshots[2].at("operation") == "delete");
  BOOST_TEST(snapshots[2].at("summary") == "{\"operation\":\"delete\"}");
  const std::vector<text_row> history = table_rows(in, of, "history");
  BOOST_REQUIRE(history.size() == 3u);
  BOOST_TEST(history[1].at("is_current_ancestor") == "1");
  BOOST_TEST(history[2].at("snapshot_id") == std::to_string(beside));
  BOOST_TEST(history[2].at("is_current_ancestor") == "0");
  const std::vector<text_row> refs = table_rows(in, of, "refs");
  BOOST_REQUIRE(refs.size() == 2u);
  BOOST_TEST(refs[0].at("name") == "main");
  BOOST_TEST(refs[0].at("type") == "BRANCH");
  BOOST_TEST(refs[1].at("type") == "TAG");
  BOOST_TEST(refs[1].at("max_reference_age_in_ms") == "9");
  BOOST_TEST(refs[1].at("min_snapshots_to_keep") == "null");
}

BOOST_AUTO_TEST_CASE(wrong_names_and_points_in_time_are_refused) {
  made_history in;
  const std::int64_t first = in.add("append", std::nullopt, {in.data("a", "eu")});
  const table of = in.made_current(first);
  CHECK_FAILS(metadata_table_from("entries"), status::INVALID_ARGUMENT, "partitions");
  scan_request at;
  at.ref = "nowhere";
  CHECK_FAILS(table_rows(in, of, "files", at), status::NOT_FOUND, "nowhere");
  const table appended = append(of, made_history::files(of, "b"));
  CHECK_FAILS(table_rows(in, appended, "manifests"), status::UNSUPPORTED, "not committed");
  BOOST_TEST(table_rows(in, appended, "snapshots").size() == 2u);
  const table empty = in.create("other");
  for (const char *name : {"snapshots", "history", "refs", "files", "manifests", "partitions"})
    BOOST_TEST(table_rows(in, empty, name).empty());
}

BOOST_AUTO_TEST_SUITE_END()
