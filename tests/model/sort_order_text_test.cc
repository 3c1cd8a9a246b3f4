#include "model/sort_order_text.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(sort_order_text_test)

namespace {

schema columns() {
  const auto column = [](const std::string &name, const std::string &type_text) {
    field f;
    f.name = name;
    f.type = type::parse(type_text);
    return f;
  };
  std::int32_t next_id = 1;
  return schema(0, assign_fresh_ids({column("id", "long"), column("ts", "timestamp"), column("a.b", "string"),
                                     column("l", "list<int>"), column("s", "struct<x: int>")},
                                    next_id));
}

/// "+1 -2l bucket[16]": direction, source, an l where nulls are last, the transform.
std::string shown(const std::string &text) {
  std::string all;
  for (const sort_field &f : parse_sort_order(text, columns()).fields) {
    all += (all.empty() ? "" : ", ") + std::string(f.descending ? "-" : "+") + std::to_string(f.source_ids.at(0)) +
           (f.nulls_last ? "l " : " ") + f.transform.to_text();
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(terms_directions_and_places_of_nulls) {
  BOOST_TEST(shown("") == "");
  BOOST_TEST(shown("  ") == "");
  BOOST_TEST(shown("id") == "+1 identity");
  BOOST_TEST(shown("id desc") == "-1l identity");
  BOOST_TEST(shown("id ASC NULLS LAST , bucket(16, id) Desc nulls first,\"a.b\" nulls last") ==
             "+1l identity, -1 bucket[16], +3l identity");
  BOOST_TEST(shown("day(ts),hour(ts) desc, s.x") == "+2 day, -2l hour, +7 identity");
}

BOOST_AUTO_TEST_CASE(what_does_not_parse) {
  const struct {
    const char *text;
    const char *said;
  } cases[] = {
      {"id,", "expected a name"},
      {"id up", "at character 4"},
      {"id nulls", "expected FIRST or LAST at character 9"},
      {"id nulls middle", "expected FIRST or LAST at character 10"},
      {"id descending", "at character 4"},
      {"nothing", "unknown column nothing at character 1"},
      {"ts, zorder(id)", "unknown transform"},
      {"day(id)", "transform day does not take a column of type long at character 1"},
      {"s", "does not take a column of type struct<x: int>"},
      {"l.element", "the column is inside a list or map at character 1"},
      {"id, ts, id desc", "the term comes twice at character 9"},
  };
  for (const auto &[text, said] : cases) {
    BOOST_TEST_CONTEXT(text) {
      CHECK_FAILS(parse_sort_order(text, columns()), status::INVALID_ARGUMENT, said);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
