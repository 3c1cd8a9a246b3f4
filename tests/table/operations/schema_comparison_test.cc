#include "table/operations/schema_comparison.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "codec/schema_json.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(schema_comparison_test)

namespace {

schema parsed(const std::string &fields, std::vector<std::int32_t> identifiers = {}) {
  schema_fields read = read_schema_fields_text("{\"type\":\"struct\",\"fields\":[" + fields + "]}", "schema");
  return schema(0, std::move(read.fields), std::move(identifiers));
}

std::string of(int id, const std::string &name, const std::string &type_json, const std::string &more = "") {
  return "{\"id\":" + std::to_string(id) + ",\"name\":\"" + name + "\",\"type\":" + type_json +
         (more.find("\"required\"") == std::string::npos ? ",\"required\":false" : "") +
         (more.empty() ? "" : "," + more) + "}";
}

const std::string int_type = "\"int\"", long_type = "\"long\"", text_type = "\"string\"",
                  required = "\"required\":true";

std::string struct_of(const std::string &fields) {
  return "{\"type\":\"struct\",\"fields\":[" + fields + "]}";
}

constexpr compatibility every_mode[] = {compatibility::none, compatibility::backward, compatibility::forward,
                                        compatibility::full, compatibility::evolution};

/// The modes in which a difference breaks: b, f, F (full) and e; never none.
struct difference_case {
  std::string before, after;
  const char *kind;
  const char *column;
  const char *breaks;
  const char *backward_reason;  ///< of what breaks there; otherwise of the compatible difference
  const char *forward_reason;
  int format_version = 2;
};

bool breaks_in(const difference_case &one, compatibility mode) {
  const std::string breaks = one.breaks;
  switch (mode) {
    case compatibility::none:
      return false;
    case compatibility::backward:
      return breaks.find('b') != std::string::npos;
    case compatibility::forward:
      return breaks.find('f') != std::string::npos;
    case compatibility::full:
      return breaks.find_first_of("bf") != std::string::npos;
    default:
      return breaks.find_first_of("be") != std::string::npos;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_difference_in_each_mode) {
  const std::string a = of(1, "a", int_type);
  const std::string with_default = "\"initial-default\":1,\"write-default\":1";
  const std::string list_of_int = R"({"type":"list","element-id":2,"element":"int","element-required":false})";
  const difference_case cases[] = {
      {a, a + "," + of(2, "b", int_type), "added", "b", "", "rows written before read as null", "read as null"},
      {a, a + "," + of(2, "b", int_type, with_default), "added", "b", "", "rows written before read as its default",
       "read as its default", 3},
      {a, a + "," + of(2, "b", int_type, with_default), "added", "b", "bf", "default values need format version 3",
       "default values need format version 3"},
      {a, a + "," + of(2, "b", int_type, required + "," + with_default), "added", "b", "",
       "required, and rows written before read as its default", "read as its default", 3},
      {a, a + "," + of(2, "b", int_type, required), "added", "b", "b",
       "required, but rows written before have no value and there is no default", "pass over it"},
      {of(1, "s", struct_of(of(2, "x", int_type))),
       of(1, "s", struct_of(of(2, "x", int_type) + "," + of(3, "y", int_type))), "added", "s.y", "",
       "rows written before read as null", "read as null"},
      {a, a + "," + of(2, "s", struct_of(of(3, "x", int_type, required))), "added", "s", "",
       "rows written before read as null", "read as null"},
      {a + "," + of(2, "b", int_type), a + "," + of(3, "b", int_type), "added", "b", "bf",
       "a new column (field id 3) takes the name of the dropped one (field id 2)", "takes the name of the dropped one"},
      {a + "," + of(2, "b", int_type), a, "dropped", "b", "e", "its values are read no longer", "its default or null"},
      {a + "," + of(2, "b", int_type, required), a, "dropped", "b", "fe", "its values are read no longer",
       "rows written from now on have no value of it, and the old schema requires one"},
      {a + "," + of(2, "b", int_type, required + "," + with_default), a, "dropped", "b", "e",
       "its values are read no longer", "its default or null", 3},
      {a + "," + of(2, "s", struct_of(of(3, "x", int_type, required))), a, "dropped", "s", "e", "no longer", "null"},
      {a, of(1, "z", int_type), "renamed", "z", "", "it was a; files are read by field id", "it was a"},
      {of(1, "a", int_type, required), a, "made optional", "a", "f", "rows may hold null from now on",
       "and the old schema requires a value"},
      {a, of(1, "a", int_type, required), "made required", "a", "b", "rows written before may hold null",
       "no row holds null from now on"},
      {a, of(1, "a", int_type, "\"doc\":\"d\""), "doc", "a", "", "only the documentation differs", "documentation"},
      {of(1, "a", int_type, with_default), of(1, "a", int_type, "\"initial-default\":2,\"write-default\":1"), "default",
       "a", "b", "the initial default is what rows without the column hold, and may never change", "as another value",
       3},
      {of(1, "a", int_type, with_default), of(1, "a", int_type, "\"initial-default\":1,\"write-default\":2"), "default",
       "a", "", "rows written from now on get another default", "another default", 3},
      {a, of(1, "a", long_type), "widened", "a", "f", "int to long: every old value fits",
       "int to long: new values may not fit the old type"},
      {of(1, "a", "\"date\""), of(1, "a", "\"timestamp\""), "widened", "a", "f", "date to timestamp",
       "date to timestamp: new", 3},
      {of(1, "a", long_type), a, "narrowed", "a", "b", "long to int: old values may not fit",
       "long to int: every new value fits"},
      {a, of(1, "a", text_type), "type changed", "a", "bf", "int to string: old values cannot be read so",
       "int to string: new values cannot be read as the old type"},
      {of(1, "a", "\"date\""), of(1, "a", "\"timestamp\""), "type changed", "a", "bf", "date to timestamp: old",
       "date to timestamp: new"},
      {a, of(1, "s", struct_of(of(2, "x", int_type))), "id reused", "s", "bf",
       "field id 1 was a (int) and now stands for something else", "stands for something else"},
      {of(1, "l", list_of_int), of(1, "l", struct_of(of(3, "x", int_type))), "id reused", "l", "bf",
       "field id 1 was l (list<int>)", "stands for something else"},
      {of(1, "s", struct_of(of(2, "x", int_type) + "," + of(3, "y", int_type))),
       of(1, "s", struct_of(of(2, "x", int_type))) + "," + of(3, "y", int_type), "id reused", "y", "bf",
       "field id 3 was s.y (int)", "stands for something else"},
      {a + "," + of(2, "b", int_type), of(2, "b", int_type) + "," + a, "moved", "b", "",
       "the order of columns is another; files are read by field id", "order of columns"},
      {of(1, "s", struct_of(of(2, "x", int_type) + "," + of(3, "y", int_type))),
       of(1, "s", struct_of(of(3, "y", int_type) + "," + of(2, "x", int_type))), "moved", "s.y", "",
       "the order of columns", "order of columns"},
  };
  for (const difference_case &one : cases) {
    BOOST_TEST_CONTEXT(one.kind << " " << one.column << ": " << one.backward_reason) {
      const schema before = parsed(one.before), after = parsed(one.after);
      for (const compatibility mode : every_mode) {
        const std::vector<schema_difference> found = compare(before, after, one.format_version, mode);
        BOOST_REQUIRE(!found.empty());
        BOOST_TEST(found[0].kind == one.kind);
        BOOST_TEST(found[0].column == one.column);
        BOOST_TEST(found[0].is_compatible == !breaks_in(one, mode), "mode " << static_cast<int>(mode));
        BOOST_TEST(!found[0].reason.empty());
      }
      BOOST_TEST(compare(before, after, one.format_version, compatibility::backward)[0].reason.find(
                     one.backward_reason) != std::string::npos);
      BOOST_TEST(compare(before, after, one.format_version, compatibility::forward)[0].reason.find(
                     one.forward_reason) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(both_reasons_where_both_are_asked_for) {
  const schema before = parsed(of(1, "a", int_type)), after = parsed(of(1, "a", text_type));
  BOOST_TEST(compare(before, after, 2, compatibility::full)[0].reason ==
             "int to string: old values cannot be read so; int to string: new values cannot be read as the old type");
}

BOOST_AUTO_TEST_CASE(identifier_fields_in_any_order) {
  const std::string fields = of(1, "a", int_type, required) + "," + of(2, "b", int_type, required);
  BOOST_TEST(compare(parsed(fields, {1, 2}), parsed(fields, {2, 1}), 2).empty());
  for (const compatibility mode : every_mode) {
    const auto found = compare(parsed(fields, {1}), parsed(fields, {2}), 2, mode);
    BOOST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found[0].kind == "identifier fields");
    BOOST_TEST(found[0].is_compatible);
    BOOST_TEST(found[0].column.empty());
  }
}

BOOST_AUTO_TEST_CASE(all_differences_in_the_order_of_the_new_schema) {
  const schema before = parsed(of(1, "a", int_type) + "," + of(2, "b", int_type) + "," + of(3, "c", int_type));
  const schema after =
      parsed(of(3, "d", long_type) + "," + of(1, "a", int_type, "\"doc\":\"x\"") + "," + of(4, "e", int_type));
  std::string kinds;
  for (const schema_difference &one : compare(before, after, 2)) kinds += one.kind + " " + one.column + ", ";
  BOOST_TEST(kinds == "renamed d, widened d, doc a, added e, dropped b, moved d, ");
  BOOST_TEST(compare(before, before, 2).empty());
}

BOOST_AUTO_TEST_SUITE_END()
