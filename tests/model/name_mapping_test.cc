#include "model/name_mapping.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(name_mapping_test)

namespace {

field make(std::int32_t id, const char *name, type t = type_kind::int32) {
  field f;
  f.id = id;
  f.name = name;
  f.type = std::move(t);
  return f;
}

mapped_field mapped(std::int32_t id, std::vector<std::string> names, std::vector<mapped_field> fields = {}) {
  return {std::move(names), id, std::move(fields)};
}

}  // namespace

BOOST_AUTO_TEST_CASE(maps_every_field_of_a_schema) {
  const schema s(0, {make(1, "a.b"), make(2, "s", type::structure({make(3, "x")})),
                     make(4, "l", type::list(make(5, ""))), make(6, "m", type::map(make(7, ""), make(8, "")))});
  const name_mapping expected{mapped(1, {"a.b"}), mapped(2, {"s"}, {mapped(3, {"x"})}),
                              mapped(4, {"l"}, {mapped(5, {"element"})}),
                              mapped(6, {"m"}, {mapped(7, {"key"}), mapped(8, {"value"})})};
  BOOST_TEST(bool(create_name_mapping(s) == expected));
  BOOST_TEST(bool(update_name_mapping(expected, s) == expected));
}

BOOST_AUTO_TEST_CASE(renamed_fields_keep_their_old_names) {
  const name_mapping before{mapped(1, {"a"}), mapped(2, {"s"}, {mapped(3, {"x"})})};
  const schema changed(1, {make(1, "b"), make(2, "s", type::structure({make(3, "y"), make(4, "z")})), make(5, "c")});
  const name_mapping expected{mapped(1, {"a", "b"}), mapped(2, {"s"}, {mapped(3, {"x", "y"}), mapped(4, {"z"})}),
                              mapped(5, {"c"})};
  BOOST_TEST(bool(update_name_mapping(before, changed) == expected));
}

BOOST_AUTO_TEST_CASE(a_name_goes_to_the_field_that_bears_it_now) {
  const name_mapping before{mapped(1, {"a"}), mapped(2, {"b"})};
  const schema swapped(1, {make(1, "b"), make(2, "a")});
  BOOST_TEST(bool(update_name_mapping(before, swapped) == name_mapping{mapped(1, {"b"}), mapped(2, {"a"})}));
  const schema dropped_and_added(1, {make(3, "a"), make(2, "b")});
  BOOST_TEST(bool(update_name_mapping(before, dropped_and_added) ==
                  name_mapping{mapped(1, {}), mapped(2, {"b"}), mapped(3, {"a"})}));
}

BOOST_AUTO_TEST_SUITE_END()
