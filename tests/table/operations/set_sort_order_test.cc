#include "table/operations/set_sort_order.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"
#include "model/sort_order_text.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(set_sort_order_test)

namespace {

table sorted(const table &of, const std::string &text) {
  return set_sort_order(of, parse_sort_order(text, *of.metadata()->current_schema()));
}

std::int32_t order_id(const table &of) {
  return of.metadata()->default_sort_order_id;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_equal_order_keeps_its_id_and_none_is_order_0) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table first = in.commit(sorted(base, "region, id desc"));
  BOOST_TEST(order_id(first) == 1);
  const table second = in.commit(sorted(first, "region, id desc nulls first"));
  BOOST_TEST(order_id(second) == 2);
  const table again = in.commit(sorted(second, "region asc nulls first, id desc nulls last"));
  BOOST_TEST(order_id(again) == 1);
  BOOST_TEST(again.metadata()->sort_orders.size() == 3u);
  const table none = in.commit(sorted(again, ""));
  BOOST_TEST(order_id(none) == 0);
  BOOST_TEST(none.metadata()->sort_orders.size() == 3u);
  BOOST_TEST(order_id(in.open()) == 0);
}

BOOST_AUTO_TEST_CASE(a_column_of_the_order_stays) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table of_id = in.commit(sorted(base, "bucket(4, id)"));
  CHECK_FAILS(evolve_schema(of_id, {schema_change::drop{"id"}}), status::INCOMPATIBLE_SCHEMA,
              "the table's sort order uses it");
  in.commit(evolve_schema(sorted(of_id, ""), {schema_change::drop{"id"}}));
}

// Some writer left out order 0.
BOOST_AUTO_TEST_CASE(unsorted_is_added_where_it_is_missing) {
  const sample_table in;
  const table base = sorted(in.create(), "id");
  table_metadata odd = *base.metadata();
  odd.sort_orders.erase(odd.sort_orders.begin());
  table_version version;
  version.metadata = std::make_shared<const table_metadata>(std::move(odd));
  version.version = 1;
  const table none = sorted(table(base.context(), version), "");
  BOOST_TEST(order_id(none) == 0);
  BOOST_TEST(none.metadata()->sort_orders.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
