#include "table/manifests/manifest_merge.h"

#include <algorithm>
#include <string>

#include "expression/parse.h"
#include "failure.h"
#include "table/faulty_table.h"
#include "table/manifests/manifest_reader.h"
#include "table/manifests/manifest_reuse.h"
#include "table/manifests/snapshot_manifests.h"
#include "table/sample_table.h"

using namespace evodb;
using namespace evodb::table_tests;

BOOST_AUTO_TEST_SUITE(manifest_merge_test)

namespace {

using paths = std::vector<std::string>;

manifest_file small(const std::string &path, std::int64_t length, std::int32_t spec_id = 0) {
  manifest_file one;
  one.manifest_path = path;
  one.manifest_length = length;
  one.partition_spec_id = spec_id;
  one.added_files_count = 1;
  return one;
}

paths chosen(const manifest_files &listed, const table_metadata &of, const std::string &left_out = "") {
  paths found;
  const auto is_left_out = [&](const manifest_file &one) { return one.manifest_path == left_out; };
  for (const manifest_file *one : choose_for_merge(listed, of, is_left_out)) found.push_back(one->manifest_path);
  return found;
}

table with_limit(const table &of, const std::string &least = "4") {
  return set_properties(of, {{"commit.manifest.min-count-to-merge", least}}, {});
}

manifest_files manifests_in(const sample_table &in, const table &of) {
  return run_to_end(in.environment, [of]() -> task<manifest_files> {
    co_return *(co_await manifests_of(*of.context(), of.metadata()->current_snapshot()));
  });
}

/// "<path> <snapshot> <sequence number> <first row id>" of each live file.
paths facts(const sample_table &in, const table &of) {
  return run_to_end(in.environment, [of]() -> task<paths> {
    paths found;
    const table_metadata &metadata = *of.metadata();
    const std::vector<type> types = result_types(metadata.default_spec(), *metadata.current_schema());
    const auto listed = co_await manifests_of(*of.context(), metadata.current_snapshot());
    for (const manifest_file &one : *listed) {
      manifest_columns_wanted details;
      details.details = true;
      const inherited_entries entries =
          co_await read_manifest_of(*of.context(), one, metadata.default_spec(), types, details);
      const std::vector<std::int64_t> ids = entries.first_row_ids();
      for (std::size_t row = 0; row < entries->size(); ++row) {
        found.push_back(fmt::format("{} {} {} {} {}", entries->files.path(row), entries.snapshot_id(row),
                                    entries.sequence_number(row), entries.file_sequence_number(row),
                                    ids.empty() ? -1 : ids[row]));
      }
    }
    std::sort(found.begin(), found.end());
    co_return found;
  });
}

/// Manifests in the store, whether a snapshot refers to them or not.
std::size_t stored_manifests(const faulty_table &in) {
  const auto where = in.others->storage();
  return run_to_end(in.environment, [where]() -> task<std::size_t> {
    list_options options;
    options.prefix = "t/metadata/";
    const listing found = co_await where->store().list(std::move(options));
    co_return static_cast<std::size_t>(std::count_if(found.objects.begin(), found.objects.end(), [](const auto &meta) {
      return meta.key.find("-m0.avro") != std::string::npos;
    }));
  });
}

/// As another engine upgrades a table.
class upgrade_to_version_3 : public table_operation {
 public:
  std::vector<table_update> preview(const table_metadata &, const commit_stamp &) const override {
    return {update::upgrade_format_version{3}};
  }
};

/// Four appends, each with a manifest of its own, on a table that merges four.
table with_four_manifests(const sample_table &in) {
  table value = in.commit(with_limit(in.create()));
  for (const char *name : {"a", "b", "c"}) value = in.commit(append(value, sample_table::files(value, name), {}));
  return in.commit(append(value, sample_table::files(value, "d"), {}));
}

}  // namespace

BOOST_AUTO_TEST_CASE(chooses_the_smallest_of_one_spec_when_there_are_enough) {
  table_metadata of;
  of.properties["commit.manifest.min-count-to-merge"] = "3";
  of.properties["commit.manifest.target-size-bytes"] = "100";
  BOOST_TEST(chosen({small("a", 10), small("b", 10)}, of).empty());
  const manifest_files enough{small("a", 60), small("b", 20), small("c", 50, 1), small("d", 30), small("e", 100)};
  BOOST_TEST(chosen(enough, of) == (paths{"b", "d"}), boost::test_tools::per_element());
  of.properties["commit.manifest-merge.enabled"] = "false";
  BOOST_TEST(chosen(enough, of).empty());
  of.properties["commit.manifest-merge.enabled"] = "true";
  of.properties["commit.manifest.min-count-to-merge"] = "many";  // is the default
  BOOST_TEST(chosen(enough, of).empty());
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_not_known_or_no_data) {
  table_metadata of;
  of.properties["commit.manifest.min-count-to-merge"] = "2";
  manifest_files listed{small("a", 10), small("b", 10), small("c", 10), small("d", 10), small("e", 10)};
  listed[0].manifest_length = manifest_file::unknown_length;
  listed[1].content = manifest_content::deletes;
  listed[2].key_metadata = "key";
  BOOST_TEST(chosen(listed, of) == (paths{"d", "e"}), boost::test_tools::per_element());
  of.format_version = 3;
  listed[3].first_row_id = 5;
  BOOST_TEST(chosen(listed, of).empty());  // "e" would lose the row ids that it is about to get
}

BOOST_AUTO_TEST_CASE(what_was_refused_before_is_left_as_it_is) {
  const sample_table in;
  const table_metadata of = *with_limit(in.create(), "2").metadata();
  const manifest_files listed{small("a", 10), small("b", 5), small("c", 7)};
  BOOST_TEST(chosen(listed, of, "b") == (paths{"a", "c"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_tables_manifests_stay_few_and_its_files_as_they_are) {
  for (const int version : {2, 3}) {
    const sample_table in;
    table value = in.commit(with_limit(in.create("t", version)));
    paths names, before;
    for (int i = 0; i < 20; ++i) {
      const std::string name = fmt::format("f{:02}", i);
      value = in.commit(append(value, sample_table::files(value, name, i % 2 == 0 ? "eu" : "us", 10 + i), {}));
      names.push_back(name + ".parquet");
      BOOST_TEST(in.plan(value) == names, boost::test_tools::per_element());
      const paths now = facts(in, value);
      BOOST_TEST(std::includes(now.begin(), now.end(), before.begin(), before.end()));
      before = now;
      BOOST_TEST(manifests_in(in, value).size() <= 5u);
    }
    BOOST_TEST(find_value(value.metadata()->current_snapshot()->summary, "total-data-files")->compare("20") == 0);
    scan_request eu;
    eu.filter = parse_filter("region = 'eu'");
    BOOST_TEST(in.plan(in.open(), eu).size() == 10u);
  }
}

BOOST_AUTO_TEST_CASE(is_off_where_the_table_says_so) {
  const sample_table in;
  table value =
      in.commit(set_properties(with_limit(in.create(), "2"), {{"commit.manifest-merge.enabled", "false"}}, {}));
  for (const char *name : {"a", "b", "c"}) value = in.commit(append(value, sample_table::files(value, name), {}));
  BOOST_TEST(manifests_in(in, value).size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_try_after_a_lost_one_uses_the_merge_again) {
  const faulty_table in;
  const table base = with_four_manifests(in);
  in.store->overtake = [&in]() -> task<> {
    table there = co_await open_table(in.others->find("t"));
    const table changed = set_properties(there, {{"k", "v"}}, {});
    co_await evodb::commit(changed);
  };
  in.store->play({fault::overtaken});
  const table value = in.commit(append(base, sample_table::files(base, "e"), {}));
  BOOST_TEST(manifests_in(in, value).size() == 2u);
  BOOST_TEST(stored_manifests(in) == 6u);  // five, and one merged of four
  BOOST_TEST(in.plan(in.open()).size() == 5u);
}

/// No version refers to it yet, so that a clean-up may have removed it as an orphan.
BOOST_AUTO_TEST_CASE(a_merge_that_was_written_long_ago_is_not_used_again) {
  const faulty_table in;
  const table base = with_four_manifests(in);
  const auto listed = std::make_shared<const manifest_files>(manifests_in(in, base));
  const std::int64_t now_ms = base.context()->storage()->now_ms();
  for (const std::int64_t age_ms : {std::int64_t{0}, 3 * manifest_reuse_ms / 2, std::int64_t{-3600 * 1000}}) {
    manifest_merge merge;
    pending_files files(base.context()->storage());
    const auto apply = [&] {
      return run_to_end(in.environment, [&]() -> task<std::size_t> {
        std::shared_ptr<const manifest_files> given = listed;
        co_return (co_await merge.apply(std::move(given), *base.metadata(), *base.context(), files))->size();
      });
    };
    BOOST_TEST(apply() == 1u);
    merge.note_written(*base.context(), now_ms - age_ms);
    BOOST_TEST(apply() == (age_ms == 0 ? 1u : 4u));
  }
}

BOOST_AUTO_TEST_CASE(a_merge_is_not_used_again_over_an_upgrade) {
  const faulty_table in;
  const table base = with_four_manifests(in);
  in.store->overtake = [&in]() -> task<> {
    const table there = co_await open_table(in.others->find("t"));
    const table upgraded = there.with(std::make_shared<upgrade_to_version_3>());
    co_await evodb::commit(upgraded);
  };
  in.store->play({fault::overtaken});
  const table value = in.commit(append(base, sample_table::files(base, "e"), {}));
  BOOST_TEST(value.metadata()->format_version == 3);
  BOOST_TEST(manifests_in(in, value).size() == 5u);
  BOOST_TEST(stored_manifests(in) == 5u);  // the merged one is gone
  for (const manifest_file &one : manifests_in(in, value)) BOOST_TEST(one.first_row_id.has_value());
}

BOOST_AUTO_TEST_CASE(a_merge_that_no_version_has_is_removed) {
  const faulty_table in;
  const table base = with_four_manifests(in);
  in.store->overtake = [&in]() -> task<> { co_await in.append_elsewhere("theirs"); };  // which merges the same
  in.store->play({fault::overtaken});
  const table value = in.commit(append(base, sample_table::files(base, "mine"), {}));
  BOOST_TEST(manifests_in(in, value).size() == 3u);
  BOOST_TEST(stored_manifests(in) == 7u);  // of six files, and the other's
  BOOST_TEST(in.plan(in.open()).size() == 6u);
  const table limited = in.commit(with_limit(value, "3"));
  in.store->play({fault::refused});
  CHECK_FAILS(in.commit(append(limited, sample_table::files(limited, "refused"), {})), status::ACCESS_DENIED);
  BOOST_TEST(stored_manifests(in) == 8u);  // and that of the change, which may be committed later
}

BOOST_AUTO_TEST_CASE(a_merge_in_a_body_that_may_land_stays) {
  const faulty_table in;
  const table base = with_four_manifests(in);
  in.store->play({fault::lost_after});
  in.store->reads_fail = true;
  const table value = append(base, sample_table::files(base, "e"), {});
  CHECK_FAILS(in.commit(value), status::COMMIT_STATE_UNKNOWN);
  in.store->reads_fail = false;
  in.store->play({});
  BOOST_TEST(in.plan(in.open()).size() == 5u);
  BOOST_TEST(manifests_in(in, in.open()).size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
