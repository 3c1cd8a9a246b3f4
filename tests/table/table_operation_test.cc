#include "table/table_operation.h"

#include <memory>
#include <utility>
#include <vector>

#include "failure.h"
#include "model/partition_spec.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(table_operation_test)

namespace {

/// An operation that the library does not have: all that one needs is here.
class set_partition_spec : public table_operation {
 public:
  set_partition_spec(partition_spec spec, const table_metadata &made_on)
      : spec_(std::move(spec)), made_on_(made_on.default_spec_id) {}

  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &) const override {
    if (base.default_spec_id != made_on_) fail(status::CONFLICT, "the partition spec has changed", base.location);
    return {update::add_partition_spec{spec_}, update::set_default_spec{spec_.spec_id}};
  }
  std::vector<error> warnings() const override { return {error(status::UNSUPPORTED, "a warning of the operation")}; }

 private:
  const partition_spec spec_;
  const std::int32_t made_on_;
};

table with_buckets(const table &of) {
  partition_spec spec = parse_partition_spec("bucket(4, id)", *of.metadata()->current_schema(), 1);
  spec.fields.front().field_id = of.metadata()->last_partition_id + 1;
  return of.with(std::make_shared<set_partition_spec>(std::move(spec), *of.metadata()));
}

std::shared_ptr<const table_files> file_in_bucket(const table &of) {
  described_files described(of, false);
  data_file one;
  one.file_path = "data/in-a-bucket.parquet";
  one.record_count = 10;
  one.file_size = 1000;
  described.add(std::move(one), "{\"id_bucket\":3}");
  return described.finish();
}

}  // namespace

BOOST_AUTO_TEST_CASE(is_previewed_committed_and_warned_of) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table changed = with_buckets(base);
  BOOST_TEST(changed.metadata()->default_spec_id == 1);
  BOOST_TEST(changed.warnings().size() == 1u);
  const table committed = in.commit(changed);
  BOOST_TEST(in.open().metadata()->default_spec_id == 1);
  BOOST_TEST(committed.warnings().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_later_operation_of_the_same_version_builds_on_it) {
  const sample_table in;
  const table changed = with_buckets(in.commit(in.create()));
  const table both = append(changed, file_in_bucket(changed));
  const table committed = in.commit(both);
  BOOST_TEST(committed.base().version == 2);
  BOOST_TEST(in.plan(in.open()) == std::vector<std::string>{"in-a-bucket.parquet"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_validated_again_on_the_base_that_it_is_committed_on) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table mine = with_buckets(base);
  in.commit(with_buckets(base));
  CHECK_FAILS(in.commit(mine), status::CONFLICT, "the partition spec has changed");
}

BOOST_AUTO_TEST_CASE(goes_to_the_branch_that_it_names) {
  const sample_table in;
  table base = in.commit(in.create());
  base = in.commit(append(base, sample_table::files(base, "a")));
  append_options options;
  options.branch = "audit";
  const table committed = in.commit(append(base, sample_table::files(base, "b"), options));
  BOOST_TEST(in.plan(committed) == std::vector<std::string>{"a.parquet"}, boost::test_tools::per_element());
  scan_request audit;
  audit.ref = "audit";
  const std::vector<std::string> both{"a.parquet", "b.parquet"};
  BOOST_TEST(in.plan(in.open(), audit) == both, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
