#include "parquet/metrics_config.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace evodb;
using kind = enum metrics_mode::kind;

BOOST_AUTO_TEST_SUITE(metrics_configuration)

namespace {

field make(std::int32_t id, std::string name, type t) {
  field f;
  f.id = id;
  f.name = std::move(name);
  f.type = std::move(t);
  return f;
}

schema nested_schema() {
  return schema(0, {make(1, "s", type::structure({make(3, "a", type_kind::int32), make(4, "b", type_kind::string)})),
                    make(2, "id", type_kind::int64)});
}

using properties = std::map<std::string, std::string, std::less<>>;

}  // namespace

BOOST_AUTO_TEST_CASE(parses_modes) {
  BOOST_CHECK(metrics_mode::parse("None")->kind == kind::none);
  BOOST_CHECK(metrics_mode::parse("counts")->kind == kind::counts);
  BOOST_CHECK(metrics_mode::parse("FULL")->kind == kind::full);
  BOOST_CHECK((metrics_mode::parse("truncate(16)") == metrics_mode{kind::truncate, 16}));
  BOOST_CHECK((metrics_mode::parse("Truncate(1)") == metrics_mode{kind::truncate, 1}));
  for (const char *text : {"", "truncate", "truncate(", "truncate()", "truncate(0)", "truncate(-1)", "truncate(1",
                           "truncate(99999999999)", "all"})
    BOOST_CHECK(!metrics_mode::parse(text));
}

BOOST_AUTO_TEST_CASE(everything_is_truncated_by_default) {
  const metrics_config config = metrics_config_from({}, nested_schema());
  for (const int id : {2, 3, 4}) BOOST_CHECK((config.mode_of(id) == metrics_mode{kind::truncate, 16}));
}

BOOST_AUTO_TEST_CASE(wide_tables_get_metrics_for_their_first_columns) {
  const metrics_config config =
      metrics_config_from(properties{{"write.metadata.metrics.max-inferred-column-defaults", "2"}}, nested_schema());
  BOOST_CHECK(config.mode_of(2).kind == kind::truncate);  // an outer column goes before a nested one
  BOOST_CHECK(config.mode_of(3).kind == kind::truncate);
  BOOST_CHECK(config.mode_of(4).kind == kind::none);
}

BOOST_AUTO_TEST_CASE(a_chosen_default_holds_for_all_and_a_columns_own_before_it) {
  const metrics_config config =
      metrics_config_from(properties{{"write.metadata.metrics.default", "counts"},
                                     {"write.metadata.metrics.max-inferred-column-defaults", "0"},
                                     {"write.metadata.metrics.column.s.b", "full"},
                                     {"write.metadata.metrics.column.gone", "full"}},
                          nested_schema());
  BOOST_CHECK(config.mode_of(2).kind == kind::counts);
  BOOST_CHECK(config.mode_of(3).kind == kind::counts);
  BOOST_CHECK(config.mode_of(4).kind == kind::full);
}

BOOST_AUTO_TEST_CASE(values_that_mean_nothing_are_passed_over) {
  const metrics_config config = metrics_config_from(
      properties{{"write.metadata.metrics.default", "much"}, {"write.metadata.metrics.column.id", "more"}},
      nested_schema());
  BOOST_CHECK((config.mode_of(2) == metrics_mode{kind::truncate, 16}));
}

BOOST_AUTO_TEST_SUITE_END()
