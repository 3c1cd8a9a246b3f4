// Delete files that callers wrote.

#include "table/operations/row_delta.h"

#include "failure.h"
#include "table/operations/delete_rows.h"
#include "table/operations/evolve_partition_spec.h"
#include "table/operations/replace_partitions.h"
#include "table/operations/rewrite_files.h"
#include "table/operations/upgrade.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(row_delta_test)

namespace {

const file_operation_options options;

file_operation_options at_snapshot() {
  file_operation_options relaxed;
  relaxed.level = isolation::snapshot;
  return relaxed;
}

struct one_file : sample_table {
  explicit one_file(int format_version = 2) {
    table made = commit(create("t", format_version));
    was = commit(append(made, files(made, "a")));
  }

  std::string path(const std::string &name = "a") const {
    return was->metadata()->location + "/data/" + name + ".parquet";
  }
  data_file deletes() const {
    data_file one;
    one.file_path = path("deletes");
    one.content = file_content::position_deletes;
    one.record_count = 1;
    one.file_size = 50;
    one.partition = {bytes("eu")};
    return one;
  }
  data_file vector_of(std::int64_t rows) const {
    data_file one = deletes();
    one.file_path = path("vector") + ".puffin";
    one.format = file_format::puffin;
    one.record_count = rows;
    one.referenced_data_file = path();
    one.content_offset = 4;
    one.content_size = 40;
    return one;
  }
  static std::shared_ptr<const table_files> files_of(const table &of, const data_file &one) {
    const table_metadata &metadata = *of.metadata();
    const partition_spec &spec = metadata.default_spec();
    data_files_builder builder(spec.spec_id, result_types(spec, *metadata.current_schema()), {spec.fields[0].field_id});
    builder.add(one);
    auto files = std::make_shared<table_files>(metadata);
    files->batches.push_back(std::make_shared<const data_files>(std::move(builder).finish()));
    return files;
  }
  void others_rewrite() const {
    const table now = open();
    commit(rewrite_files(now, {"data/a.parquet"}, files(now, "b"), std::nullopt, options));
  }

  std::optional<table> was;
};

struct one_file_of_version_3 : one_file {
  one_file_of_version_3() : one_file(3) {}
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(deletes_of_a_file_that_is_gone_are_a_conflict, one_file) {
  data_file named = deletes(), bounded = deletes();
  named.referenced_data_file = path();
  column_metrics paths;
  paths.field_id = 2147483546;
  paths.lower_bound = paths.upper_bound = path();
  bounded.metrics = {paths};
  std::vector<table> values;
  for (const data_file &one : {named, bounded, deletes()})
    values.push_back(row_delta(*was, nullptr, files_of(*was, one), at_snapshot()));
  others_rewrite();
  for (const table &value : values) CHECK_FAILS(commit(value), status::CONFLICT);
}

BOOST_FIXTURE_TEST_CASE(version_3_takes_no_position_delete_files, one_file) {
  data_file named = deletes();
  named.referenced_data_file = path();
  const auto made = files_of(*was, named);
  const table mine = row_delta(*was, nullptr, made, options);
  const table upgraded = commit(upgrade(open(), 3));
  CHECK_FAILS(commit(mine), status::CONFLICT, "format version 2");
  CHECK_FAILS(row_delta(upgraded, nullptr, made, options), status::CONFLICT, "format version 2");
}

BOOST_FIXTURE_TEST_CASE(a_first_vector_hides_no_position_deletes, one_file) {
  table now = commit(delete_rows(*was, {path(), {0}}, options));
  now = commit(upgrade(now, 3));
  const auto vector = files_of(now, vector_of(1));
  CHECK_FAILS(commit(row_delta(now, nullptr, vector, options)), status::UNSUPPORTED, "first deletion vector");
  CHECK_FAILS(commit(delete_rows(now, {path(), {1}}, options)), status::UNSUPPORTED, "first deletion vector");
  now = commit(delete_rows(now, {path(), {0, 1}}, options, true));
  now = commit(delete_rows(now, {path(), {2}}, options));
  BOOST_TEST(*find_value(now.metadata()->current_snapshot()->summary, "added-position-deletes") == "3");
}

BOOST_FIXTURE_TEST_CASE(a_vector_has_what_the_one_before_it_had, one_file_of_version_3) {
  const table now = commit(delete_rows(*was, {path(), {0, 1}}, options));
  CHECK_FAILS(commit(row_delta(now, nullptr, files_of(now, vector_of(1)), options)), status::INVALID_ARGUMENT,
              "the earlier ones too");
  const table three = commit(row_delta(now, nullptr, files_of(now, vector_of(3)), options));
  BOOST_TEST(*find_value(three.metadata()->current_snapshot()->summary, "total-position-deletes") == "3");
}

BOOST_FIXTURE_TEST_CASE(two_vectors_of_one_file_are_a_conflict, one_file_of_version_3) {
  const table mine = row_delta(*was, nullptr, files_of(*was, vector_of(3)), at_snapshot());
  commit(delete_rows(open(), {path(), {0}}, options));
  CHECK_FAILS(commit(mine), status::CONFLICT);
}

namespace {

/// A file of a spec by region, and then a spec of void fields alone, whose equality deletes apply to every file.
struct evolved : one_file {
  evolved() {
    partition_change::drop drop;
    drop.name = "region";
    partition_change::add add;
    add.text = "void(amount) AS nothing";
    was = commit(evolve_partition_spec(*was, {drop, add}));
    BOOST_TEST(was->metadata()->default_spec().is_unpartitioned());
  }

  std::shared_ptr<const table_files> global_deletes() const {
    const table_metadata &metadata = *was->metadata();
    const partition_spec &spec = metadata.default_spec();
    std::vector<std::int32_t> ids;
    for (const partition_field &field : spec.fields) ids.push_back(field.field_id);
    data_files_builder builder(spec.spec_id, result_types(spec, *metadata.current_schema()), ids);
    data_file one = deletes();
    one.content = file_content::equality_deletes;
    one.equality_ids = {1};
    one.partition.assign(ids.size(), null_value());
    builder.add(one);
    auto files = std::make_shared<table_files>(metadata);
    files->batches.push_back(std::make_shared<const data_files>(std::move(builder).finish()));
    return files;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(global_deletes_concern_files_of_every_spec, evolved) {
  const table rewrite = rewrite_files(*was, {"data/a.parquet"}, nullptr, std::nullopt, options);
  const table now = commit(row_delta(*was, nullptr, global_deletes(), options));
  CHECK_FAILS(commit(rewrite), status::CONFLICT, "deleted rows of a file that this operation names");
  // They stay where files of other specs do, though every file of their own spec goes.
  data_file other;
  other.file_path = path("other");
  other.record_count = 1;
  other.file_size = 1;
  described_files described(now, false);
  described.add(other, R"({"nothing":null})");
  const table replaced = commit(replace_partitions(now, described.finish(), options));
  const string_pairs &summary = replaced.metadata()->current_snapshot()->summary;
  BOOST_TEST(*find_value(summary, "total-delete-files") == "1");
  BOOST_TEST(*find_value(summary, "total-data-files") == "2");
}

BOOST_AUTO_TEST_SUITE_END()
