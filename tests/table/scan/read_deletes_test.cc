#include "table/scan/read_deletes.h"

#include "expression/parse.h"
#include "failure.h"
#include "table/written_deletes.h"

using namespace evodb;
using namespace evodb::table_tests;

namespace {

/// Manifests of delete files, and reading them for a filter.
struct delete_manifests : table_with_deletes {
  delete_manifests() : of(commit(create())) {}

  std::shared_ptr<const spec_pruning> pruning(const char *filter, const partition_spec &spec) const {
    const std::shared_ptr<const schema> columns = of.metadata()->current_schema();
    return std::make_shared<const spec_pruning>(evodb::bind(parse_filter(filter), *columns, false), spec, columns);
  }
  std::shared_ptr<const delete_index> read(const std::vector<manifest_file> &listed, const char *filter,
                                           const partition_spec &spec) const {
    std::vector<scan_source> sources;
    for (const manifest_file &one : listed) {
      scan_source &source = sources.emplace_back();
      source.manifest = one;
      source.pruning = pruning(filter, spec);
      source.is_skipped = !source.pruning->summaries().may_match(one);
    }
    return run_to_end(environment, [&] { return read_deletes(of.context(), *of.metadata(), sources); });
  }
  std::shared_ptr<const delete_index> read(const std::vector<manifest_file> &listed,
                                           const char *filter = "TRUE") const {
    return read(listed, filter, of.metadata()->default_spec());
  }

  const table of;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(read_deletes_test, delete_manifests)

BOOST_AUTO_TEST_CASE(all_manifests_are_read) {
  BOOST_TEST(!read({}));
  std::vector<manifest_file> many;
  for (int i = 0; i < 40; ++i) {
    const std::string name = std::to_string(i);
    many.push_back(write(of, name, {deletes(name + "-eu", "eu"), deletes(name + "-us", "us")}, 5));
  }
  BOOST_TEST(read(many)->size() == 80);
}

BOOST_AUTO_TEST_CASE(manifests_and_files_of_partitions_that_the_filter_leaves_out_are_not_looked_at) {
  std::vector<manifest_file> listed{write(of, "eu", {deletes("eu", "eu")}, 5),
                                    write(of, "us", {deletes("us-1", "us"), deletes("us-2", "us")}, 5),
                                    write(of, "both", {deletes("eu-3", "eu"), deletes("us-3", "us")}, 5)};
  BOOST_TEST(read(listed)->size() == 5);
  BOOST_TEST(read(listed, "region = 'us'")->size() == 3);
  BOOST_TEST(!read(listed, "region = 'uk'"));
  listed[0].manifest_path += ".gone";
  BOOST_TEST(read(listed, "region = 'us'")->size() == 3);
  CHECK_FAILS(read(listed), status::NOT_FOUND);
}

BOOST_AUTO_TEST_CASE(deletes_of_an_unpartitioned_spec_are_looked_at_whatever_the_filter) {
  partition_spec voided;  // unpartitioned, with a field in the manifest
  voided.spec_id = 1;
  voided.fields = of.metadata()->default_spec().fields;
  voided.fields[0].transform = transform::parse("void");
  data_file global = deletes("global", "eu");
  global.partition = {null_value{}};
  const std::vector<manifest_file> listed{write(of, "global", {global}, 5, voided)};
  const auto index = read(listed, "region = 'us'", voided);
  BOOST_TEST_REQUIRE(index != nullptr);
  data_files_builder builder(0, {type_kind::string}, {1000});
  data_file data;
  data.file_path = "data";
  data.partition = {std::string("us")};
  builder.add(data);
  manifest_file older;
  older.sequence_number = 1;
  const inherited_entries entries(added_entries(std::move(builder).finish()), manifest_inheritance(older));
  std::vector<delete_file> applying;
  index->find(entries, 0, applying);
  BOOST_TEST(applying.size() == 1U);
}

BOOST_AUTO_TEST_CASE(delete_files_that_are_not_committed_are_indexed_as_those_that_are) {
  data_files_builder builder(0, {type_kind::string}, {1000});
  builder.add(deletes("us", "us"));
  builder.add(deletes("eu", "eu"));
  scan_source source;
  source.uncommitted = added_entries(std::move(builder).finish());
  source.manifest.sequence_number = 7;
  source.pruning = pruning("region = 'us'", of.metadata()->default_spec());
  const auto index = run_to_end(environment, [&] { return read_deletes(of.context(), *of.metadata(), {source}); });
  BOOST_TEST(index->size() == 1);
}

BOOST_AUTO_TEST_CASE(what_is_indexed_is_held_from_the_memory_budget) {
  std::vector<data_file> many;
  for (int i = 0; i < 1000; ++i) many.push_back(deletes("deletes-" + std::to_string(i), "eu"));
  const std::vector<manifest_file> listed{write(of, "many", many, 5)};
  read(listed);  // and now it is in the cache
  const std::int64_t before = environment->memory().in_use();
  std::shared_ptr<const delete_index> index = read(listed);
  BOOST_TEST(environment->memory().in_use() - before > 1000 * 40);
  index.reset();
  BOOST_TEST(environment->memory().in_use() == before);
}

BOOST_AUTO_TEST_SUITE_END()
