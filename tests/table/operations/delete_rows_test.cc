// Rows that are deleted by their positions: what several writers delete of one file is all deleted.

#include "table/operations/delete_rows.h"

#include "failure.h"
#include "table/deletes/deletion_vector_reader.h"
#include "table/manifests/manifest_reader.h"
#include "table/manifests/snapshot_manifests.h"
#include "table/operations/overwrite.h"
#include "table/operations/rewrite_files.h"
#include "table/operations/row_delta.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(delete_rows_test)

namespace {

const file_operation_options options;

deleted_rows rows_of(const std::string &file, std::vector<std::int64_t> positions) {
  deleted_rows rows;
  rows.path = "data/" + file + ".parquet";
  rows.positions = std::move(positions);
  return rows;
}

/// A table with two files of ten rows in one partition.
struct two_files : sample_table {
  explicit two_files(int format_version = 3) {
    table made = commit(create("t", format_version));
    made = append(made, files(made, "a"));
    was = commit(append(made, files(made, "b")));
  }

  /// The rows that the current snapshot's vectors say are deleted, by the names of their data files.
  std::map<std::string, std::vector<std::int64_t>> vectors(const table &of) const {
    auto read = [of]() -> task<std::map<std::string, std::vector<std::int64_t>>> {
      std::map<std::string, std::vector<std::int64_t>> found;
      const table_metadata &metadata = *of.metadata();
      const auto listed = co_await manifests_of(*of.context(), metadata.current_snapshot());
      for (const manifest_file &one : *listed) {
        if (one.content != manifest_content::deletes || !one.has_live_files()) continue;
        const partition_spec &spec = *metadata.find_spec(one.partition_spec_id);
        const std::vector<type> types = result_types(spec, *metadata.current_schema());
        const manifest_columns_wanted all = manifest_columns_wanted::all();
        const inherited_entries entries = co_await read_manifest_of(*of.context(), one, spec, types, all);
        for (std::size_t row = 0; row < entries->size(); ++row) {
          if (!entries->is_live(row)) continue;
          stored_vector vector;
          vector.path = std::string(entries->files.path(row));
          vector.offset = entries->files.content_offsets.at(row);
          vector.size = entries->files.content_sizes.at(row);
          vector.cardinality = entries->files.record_counts[row];
          const deleted_positions held = co_await read_deletion_vector(of.context()->storage(), std::move(vector));
          const std::string data_file(entries->files.referenced_data_file(row));
          const std::string name = data_file.substr(data_file.rfind('/') + 1);
          BOOST_TEST(!found.contains(name));
          found[name] = held.positions;
        }
      }
      co_return found;
    };
    return run_to_end(environment, read);
  }

  std::optional<table> was;
};

struct two_files_of_version_2 : two_files {
  two_files_of_version_2() : two_files(2) {}
};

using found = std::map<std::string, std::vector<std::int64_t>>;

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_two_writers_delete_of_one_file_is_all_deleted, two_files) {
  const table first = delete_rows(*was, rows_of("a", {1, 3}), options);
  const table second = delete_rows(*was, rows_of("a", {3, 5}), options);
  commit(first);
  BOOST_TEST((vectors(commit(second)) == found{{"a.parquet", {1, 3, 5}}}));
}

BOOST_FIXTURE_TEST_CASE(a_later_vector_takes_in_the_earlier_one, two_files) {
  table now = commit(delete_rows(*was, rows_of("a", {9}), options));
  now = delete_rows(now, rows_of("b", {0}), options);
  now = delete_rows(now, rows_of("a", {2}), options);
  now = delete_rows(now, rows_of("a", {4}), options);  // of a vector that is not written yet
  now = commit(now);
  BOOST_TEST((vectors(now) == found{{"a.parquet", {2, 4, 9}}, {"b.parquet", {0}}}));
  const string_pairs &summary = now.metadata()->current_snapshot()->summary;
  BOOST_TEST(*find_value(summary, "total-delete-files") == "2");
  BOOST_TEST(*find_value(summary, "total-position-deletes") == "4");
}

BOOST_FIXTURE_TEST_CASE(a_data_file_takes_its_vector_with_it, two_files) {
  table now = commit(delete_rows(*was, rows_of("a", {1}), options));
  now = commit(delete_rows(now, rows_of("b", {2}), options));
  now = commit(delete_files(now, {"data/a.parquet"}, options));
  BOOST_TEST((vectors(now) == found{{"b.parquet", {2}}}));
}

BOOST_FIXTURE_TEST_CASE(rows_of_a_file_that_is_gone_are_a_conflict, two_files) {
  const table mine = delete_rows(*was, rows_of("a", {1}), options);
  const table rewrite = rewrite_files(*was, {"data/a.parquet"}, files(*was, "compact"), std::nullopt, options);
  const table late = rewrite_files(*was, {"data/b.parquet"}, files(*was, "late"), std::nullopt, options);
  commit(rewrite);
  CHECK_FAILS(commit(mine), status::CONFLICT, "not in the table any more");
  commit(delete_rows(open(), rows_of("b", {1}), options));
  CHECK_FAILS(commit(late), status::CONFLICT, "deleted rows of a file that this operation names");
}

BOOST_FIXTURE_TEST_CASE(positions_are_checked, two_files) {
  CHECK_FAILS(delete_rows(*was, rows_of("a", {}), options), status::INVALID_ARGUMENT);
  CHECK_FAILS(delete_rows(*was, rows_of("a", {1, -1}), options), status::INVALID_ARGUMENT, "-1");
  CHECK_FAILS(commit(delete_rows(*was, rows_of("a", {10}), options)), status::INVALID_ARGUMENT, "10 rows");
  CHECK_FAILS(commit(delete_rows(*was, rows_of("none", {1}), options)), status::NOT_FOUND);
  CHECK_FAILS(plan(delete_rows(*was, rows_of("a", {1}), options)), status::UNSUPPORTED, "commit it");
}

BOOST_FIXTURE_TEST_CASE(version_2_gets_a_file_for_each_deletion, two_files_of_version_2) {
  const table first = delete_rows(*was, rows_of("a", {1, 3}), options);
  const table second = delete_rows(*was, rows_of("a", {3, 5}), options);
  commit(first);
  const string_pairs &summary = commit(second).metadata()->current_snapshot()->summary;
  BOOST_TEST(*find_value(summary, "total-delete-files") == "2");
  BOOST_TEST(*find_value(summary, "added-position-delete-files") == "1");
}

BOOST_AUTO_TEST_SUITE_END()
