#include "table/operations/evolve_partition_spec.h"

#include <boost/test/unit_test.hpp>

#include "expression/parse.h"
#include "failure.h"
#include "table/operations/set_sort_order.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::paths;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(evolve_partition_spec_test)

namespace {

using partition_change::add;
using partition_change::drop;
using partition_change::rename;

std::shared_ptr<const table_files> file_at(const table &of, const std::string &name, const std::string &partition) {
  described_files described(of, false);
  data_file one;
  one.file_path = "data/" + name;
  one.record_count = 10;
  one.file_size = 1000;
  described.add(std::move(one), partition);
  return described.finish();
}

paths planned(const sample_table &in, const table &of, const std::string &filter) {
  scan_request request;
  request.filter = parse_filter(filter);
  return in.plan(of, request);
}

schema_change::add column(const std::string &name) {
  schema_change::add added;
  added.name = name;
  added.type = type_kind::int32;
  return added;
}

}  // namespace

BOOST_AUTO_TEST_CASE(files_are_planned_by_the_spec_that_they_were_written_with) {
  const sample_table in;
  table at = in.commit(in.create());
  at = in.commit(append(at, file_at(at, "eu", R"({"region":"eu"})")));
  at = in.commit(append(at, file_at(at, "us", R"({"region":"us"})")));
  at = in.commit(evolve_partition_spec(at, {drop{"region"}, add{"truncate(100, id)"}}));
  BOOST_TEST(at.metadata()->default_spec_id == 1);
  at = in.commit(append(at, file_at(at, "0", R"({"id_trunc_100":0})")));
  at = in.commit(append(at, file_at(at, "200", R"({"id_trunc_100":200})")));
  at = in.open();
  BOOST_TEST(planned(in, at, "region = 'eu'") == (paths{"0", "200", "eu"}), boost::test_tools::per_element());
  BOOST_TEST(planned(in, at, "id = 250") == (paths{"200", "eu", "us"}), boost::test_tools::per_element());
  BOOST_TEST(planned(in, at, "id = 50 AND region = 'us'") == (paths{"0", "us"}), boost::test_tools::per_element());
  BOOST_TEST(planned(in, at, "id = 500 AND region = 'asia'").empty());
  // Back at the first spec.
  at = in.commit(evolve_partition_spec(at, {add{"region"}, drop{"id_trunc_100"}}));
  BOOST_TEST(at.metadata()->default_spec_id == 0);
  BOOST_TEST(at.metadata()->partition_specs.size() == 2u);
}

BOOST_AUTO_TEST_CASE(files_of_a_column_that_has_left_are_planned) {
  const sample_table in;
  table at = in.commit(in.create());
  at = in.commit(append(at, file_at(at, "eu", R"({"region":"eu"})")));
  CHECK_FAILS(evolve_schema(at, {schema_change::drop{"region"}}), status::INCOMPATIBLE_SCHEMA,
              "the partition field region is made from it");
  const table without = evolve_partition_spec(at, {drop{"region"}, add{"id"}});
  at = in.commit(evolve_schema(without, {schema_change::drop{"region"}}));
  BOOST_TEST(at.base().version == 3);
  at = in.commit(append(at, file_at(at, "7", R"({"id":7})")));
  at = in.open();
  BOOST_TEST(planned(in, at, "id = 7") == (paths{"7", "eu"}), boost::test_tools::per_element());
  BOOST_TEST(planned(in, at, "id = 8") == (paths{"eu"}), boost::test_tools::per_element());
  // The column's files show it still.
  CHECK_FAILS(evolve_schema(at, {column("region")}), status::INCOMPATIBLE_SCHEMA,
              "the name belongs to a partition field of spec 0");
}

BOOST_AUTO_TEST_CASE(a_file_described_before_keeps_its_spec) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table mine = append(base, file_at(base, "eu", R"({"region":"eu"})"));
  in.commit(evolve_partition_spec(base, {rename{"region", "area"}, add{"id"}}));
  const table at = in.commit(mine);
  BOOST_TEST(at.metadata()->default_spec_id == 1);
  BOOST_TEST(planned(in, at, "region = 'us'").empty());
  BOOST_TEST(planned(in, at, "region = 'eu'") == (paths{"eu"}), boost::test_tools::per_element());
}

// Of a schema, a partition spec and a sort order, none is changed again over a change of another one.
BOOST_AUTO_TEST_CASE(changes_are_never_made_again_over_one_another) {
  using made = std::function<table(const table &)>;
  const struct {
    const char *what;
    made change;
    const char *said;
  } all[] = {
      {"schema change", [](const table &of) { return evolve_schema(of, {column("more")}); },
       "schema 0 with column ids up to 3, and another"},
      {"partition spec change", [](const table &of) { return evolve_partition_spec(of, {add{"id"}}); },
       "partition spec 0 with field ids up to 1000, and another change has led to partition spec 1 with field ids up "
       "to "
       "1001 since"},
      {"sort order change",
       [](const table &of) {
         sort_field by_id;
         by_id.source_ids = {1};
         return set_sort_order(of, sort_order{0, {by_id}});
       },
       "sort order 0, and another change has led to sort order 1 since"},
  };
  for (const auto &first : all) {
    for (const auto &second : all) {
      const sample_table in;
      const table base = in.commit(in.create());
      const table mine = second.change(base);
      in.commit(first.change(base));
      CHECK_FAILS(in.commit(mine), status::CONFLICT, first.said);
      CHECK_FAILS(in.refresh(mine), status::CONFLICT, std::string("the ") + second.what);
      BOOST_TEST(in.open().base().version == 2);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
