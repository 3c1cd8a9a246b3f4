#include "expression/parse.h"

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

#include <string>

#include "base/error.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(parse)

namespace {

const char *const kind_names[] = {"TRUE", "FALSE", "AND", "OR", "NOT", "isnull", "notnull", "isnan",  "notnan",   "<",
                                  "<=",   ">",     ">=",  "=",  "<>",  "in",     "notin",   "starts", "notstarts"};

/// The tree as it was understood: (AND (< a [12]) (in b [1 2])).
std::string shape(const predicate &p) {
  std::string text = kind_names[static_cast<int>(p.kind)];
  for (const predicate_ptr &child : p.children) text += ' ' + shape(*child);
  for (const std::string &segment : p.column.segments) text += " <" + segment + '>';
  const char *const prefixes[] = {"bool:", "", "'", "X:", "date:", "ts:"};
  for (const literal &l : p.literals) text += ' ' + (prefixes[static_cast<int>(l.kind)] + l.text);
  return p.children.empty() && p.column.segments.empty() ? text : '(' + text + ')';
}

std::string failure_of(auto &&read) {
  try {
    read();
  } catch (const error &e) {
    BOOST_TEST((e.code() == status::INVALID_FILTER));
    return e.message();
  }
  return "accepted";
}

struct accepted {
  const char *text;
  const char *expected;
};
struct rejected {
  const char *text;
  const char *problem;  // within the message
  int at;
};

}  // namespace

BOOST_AUTO_TEST_CASE(filter_text_is_read_as_sql_reads_it) {
  const accepted rows[] = {
      {"TRUE", "TRUE"},
      {"  false ", "FALSE"},
      {"a = 1", "(= <a> 1)"},
      {"a=-1.5e3", "(= <a> -1.5e3)"},
      {"a<+.5", "(< <a> +.5)"},
      {"a >= 1. AND a<=2E+10", "(AND (>= <a> 1.) (<= <a> 2E+10))"},
      {"a <> 'it''s'", "(<> <a> 'it's)"},
      {"a != ''", "(<> <a> ')"},
      {"a = TRUE", "(= <a> bool:TRUE)"},
      {"a = X'0aFF'", std::string_view("(= <a> X:\n\xff)").data()},
      {"d >= DATE '2013-07-01'", "(>= <d> date:2013-07-01)"},
      {"t < timestamp '2013-07-01 00:00:00'", "(< <t> ts:2013-07-01 00:00:00)"},
      {"date = DATE '2013-07-01'", "(= <date> date:2013-07-01)"},
      {"x = 1 or y=2 and z=3", "(OR (= <x> 1) (AND (= <y> 2) (= <z> 3)))"},
      {"(x = 1 OR y=2) And z=3", "(AND (OR (= <x> 1) (= <y> 2)) (= <z> 3))"},
      {"a=1 AND (b=2 AND c=3) AND d=4", "(AND (= <a> 1) (= <b> 2) (= <c> 3) (= <d> 4))"},
      {"NOT a=1", "(NOT (= <a> 1))"},
      {"NOT NOT a=1", "(= <a> 1)"},
      {"NOT (a=1 OR b IS NULL)", "(NOT (OR (= <a> 1) (isnull <b>)))"},
      {"a IN (1,2 , 3)", "(in <a> 1 2 3)"},
      {"a not in ('x')", "(notin <a> 'x)"},
      {"a BETWEEN 1 AND 2 AND b=3", "(AND (>= <a> 1) (<= <a> 2) (= <b> 3))"},
      {"a NOT BETWEEN 1 AND 2", "(NOT (AND (>= <a> 1) (<= <a> 2)))"},
      {"a is null", "(isnull <a>)"},
      {"a IS NOT NULL", "(notnull <a>)"},
      {"a IS NaN OR a IS NOT nan", "(OR (isnan <a>) (notnan <a>))"},
      {"a LIKE 'abc%'", "(starts <a> 'abc)"},
      {"a NOT LIKE 'abc%'", "(notstarts <a> 'abc)"},
      {"a STARTS WITH 'a%_'", "(starts <a> 'a%_)"},
      {"a NOT STARTS WITH ''", "(notstarts <a> ')"},
      {"a.b.c = 1", "(= <a> <b> <c> 1)"},
      {"a.\"b.c\" = 1", "(= <a> <b.c> 1)"},
      {"a . in = 1", "(= <a> <in> 1)"},
      {"\"a\"\"b\" = 1", "(= <a\"b> 1)"},
      {"\"or\" = 1", "(= <or> 1)"},
      {"starts STARTS WITH 'x'", "(starts <starts> 'x)"},
      {"x = 1 AND X = 2", "(AND (= <x> 1) (= <X> 2))"},
      {"größe > 1 AND \"名前\" = '値'", "(AND (> <größe> 1) (= <名前> '値))"},
      {"a\n\t=\r\n1", "(= <a> 1)"},
  };
  for (const accepted &row : rows) BOOST_TEST(shape(*parse_filter(row.text)) == row.expected);
}

BOOST_AUTO_TEST_CASE(failures_point_at_the_character) {
  const rejected rows[] = {
      {"", "expected a column", 1},
      {"   ", "expected a column", 4},
      {"a", "expected a comparison", 2},
      {"a b = 1", "STARTS WITH (a name with blanks stands in double quotes)", 3},
      {"a =", "expected a literal", 4},
      {"a = b", "expected a literal (a text stands in single quotes: 'b')", 5},
      {"'a b' = 1", "expected a column (its name stands in double quotes, texts in single ones)", 1},
      {"`a b` = 1", "unexpected '`' (names are quoted with double quotes)", 1},
      {"a = \"b\"", "single quotes", 5},
      {"a = NULL", "IS NULL", 5},
      {"a = 1 2", "expected AND, OR or the end", 7},
      {"a = 1 AND", "expected a column", 10},
      {"a == 1", "expected a literal", 4},
      {"a = 'x", "quote is not closed", 5},
      {"\"a = 1", "quote is not closed", 1},
      {"\"\" = 1", "name is empty", 1},
      {"a = 12abc", "malformed", 5},
      {"a = 1.2.3", "malformed", 5},
      {"a = 1e", "malformed", 5},
      {"a = --1", "unexpected '-'", 5},
      {"a = X'0'", "even number", 5},
      {"a = X'zz'", "even number", 5},
      {"a IN ()", "expected a literal", 7},
      {"a IN (1", "expected ')'", 8},
      {"a IN 1", "expected '('", 6},
      {"a IN (1,)", "expected a literal", 9},
      {"a BETWEEN 1 OR 2", "expected AND", 13},
      {"a IS 1", "expected NULL or NAN", 6},
      {"a NOT = 1", "expected IN", 7},
      {"a LIKE 'a%b'", "%", 8},
      {"a LIKE '%b'", "%", 8},
      {"a LIKE 'abc'", "use =", 8},
      {"a LIKE 'a_c%'", "prefixes only", 8},
      {"a LIKE 'a\\%%'", "prefixes only", 8},
      {"a LIKE 5", "expected a text", 8},
      {"a STARTS 'x'", "expected WITH", 10},
      {"(a = 1", "expected ')'", 7},
      {"a = 1)", "expected AND", 6},
      {"and = 1", "expected a column", 1},
      {"1 = a", "expected a column", 1},
      {"a. = 1", "behind '.'", 4},
      {"a = 1 ; drop", "unexpected ';'", 7},
      {"a = DATE 5", "expected a text", 10},
      {"größe = 'ä' AND ?", "unexpected '?'", 17},
      {"名 = ", "expected a literal", 5},
  };
  for (const rejected &row : rows) {
    const std::string message = failure_of([&] { parse_filter(row.text); });
    BOOST_TEST_CONTEXT(row.text << " -> " << message) {
      BOOST_TEST((message.find(row.problem) != std::string::npos));
      BOOST_TEST(message.ends_with(fmt::format("at character {}", row.at)));
    }
  }
  BOOST_TEST(failure_of([] { parse_filter("a = '\xff'"); }) == "filter is not UTF-8");
  BOOST_TEST((failure_of([] { parse_filter(std::string_view("a = 1\0", 6)); }).ends_with("at character 6")));
}

BOOST_AUTO_TEST_CASE(columns_and_literals_know_their_character) {
  const predicate_ptr p = parse_filter("x = 'ä' AND  größe IN (1, 22)");
  BOOST_TEST(p->children[1]->column.at == 14u);
  BOOST_TEST(p->children[1]->literals[1].at == 27u);
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused_and_does_not_overflow_the_stack) {
  const std::string deep(1'000'000, '(');
  BOOST_TEST((failure_of([&] { parse_filter(deep); }).find("parentheses inside each other") != std::string::npos));
  std::string nots;
  for (int i = 0; i < 300'001; ++i) nots += "NOT ";
  BOOST_TEST(shape(*parse_filter(nots + "a=1")) == "(NOT (= <a> 1))");
  std::string parentheses = "a=1";
  for (int i = 0; i < 80; ++i) parentheses = "NOT (b=2 OR c=3 AND " + parentheses + ")";
  BOOST_TEST(parse_filter(parentheses)->depth <= predicate::max_depth);
  predicate_ptr built = always_true();
  BOOST_CHECK_THROW(for (int i = 0; i < 1'000; ++i) built = not_(built), error);
}

BOOST_AUTO_TEST_CASE(a_long_chain_is_one_node_and_a_megabyte_of_values_is_read) {
  std::string chain = "a=0";
  for (int i = 1; i < 20'000; ++i) chain += fmt::format(" OR a={}", i);
  BOOST_TEST(parse_filter(chain)->children.size() == 20'000u);
  std::string list = "a IN (0";
  int count = 1;
  for (; list.size() < 1 << 20; ++count) list += fmt::format(",{}", count);
  BOOST_TEST(parse_filter(list + ")")->literals.size() == static_cast<std::size_t>(count));
  BOOST_TEST(
      (failure_of([&] { parse_filter(list + ",x)"); }).ends_with(fmt::format("at character {}", list.size() + 2))));
}

BOOST_AUTO_TEST_CASE(names_are_quoted_where_they_must) {
  for (const char *name : {"a", "a b", "or", "a\"b", "a.b", "1a", "größe", "True", "_x1", "-"}) {
    const column_name read = parse_column(quote_name(name));
    BOOST_TEST(read.segments == std::vector<std::string>{name}, boost::test_tools::per_element());
  }
  BOOST_TEST(quote_name("time_hour") == "time_hour");
  BOOST_TEST(quote_name("Not") == "\"Not\"");
}

BOOST_AUTO_TEST_CASE(a_list_of_conditions_is_read_from_json) {
  const accepted rows[] = {
      {"[]", "TRUE"},
      {R"([{"column":"a","operator":"=","value":1}])", "(= <a> 1)"},
      {R"([{"column":"a","operator":"EQ","value":"x"},{"column":"a.\"b c\"","operator":"ne","value":-1.50e-3}])",
       "(AND (= <a> 'x) (<> <a> <b c> -1.50e-3))"},
      {R"([{"value":[1,"x",true],"operator":"in","column":"a"}])", "(in <a> 1 'x bool:true)"},
      {R"([{"column":"a","operator":"Not In","value":[1]}])", "(notin <a> 1)"},
      {R"([{"column":"a","operator":"between","value":[1,2]}])", "(AND (>= <a> 1) (<= <a> 2))"},
      {R"([{"column":"a","operator":"is null"}])", "(isnull <a>)"},
      {R"([{"column":"a","operator":"isNull","value":true}])", "(isnull <a>)"},
      {R"([{"column":"a","operator":"isnull","value":false}])", "(notnull <a>)"},
      {R"([{"column":"a","operator":"is not nan"}])", "(notnan <a>)"},
      {R"([{"column":"a","operator":"like","value":"ab%"}])", "(starts <a> 'ab)"},
      {R"([{"column":"a","operator":"not starts with","value":"ab%"}])", "(notstarts <a> 'ab%)"},
      {R"([{"column":"a","operator":"<=","value":0.1000000000000000055511151231257827021181583404541015625}])",
       "(<= <a> 0.1000000000000000055511151231257827021181583404541015625)"},
      {R"([{"column":"a","operator":">","value":123456789012345678901234567890}])",
       "(> <a> 123456789012345678901234567890)"},
      {R"([{"column":"\u00fc","operator":"lt","value":"\ud83d\ude00\n"}])", "(< <ü> '😀\n)"},
  };
  for (const accepted &row : rows) BOOST_TEST(shape(*parse_filter_json(row.text)) == row.expected);
}

BOOST_AUTO_TEST_CASE(failures_in_json_name_the_place) {
  const std::pair<const char *, const char *> rows[] = {
      {"", "not JSON"},
      {"{", "expected a list"},
      {"{}", "expected a list"},
      {"[1]", "filter[0]: expected a list of objects"},
      {"\"a\"", "filter: expected a list of objects"},
      {"[[]]", "a list cannot stand here"},
      {"[{}]", "filter[0]: key \"column\" is missing"},
      {R"([{"column":"a","operator":"="}])", "filter[0]: key \"value\" is missing"},
      {R"([{"column":"a","value":1}])", "filter[0]: key \"operator\" is missing"},
      {R"([{"column":"a","operator":"=","value":1},{"column":"a","operator":"~","value":1}])",
       "filter[1].operator: unknown operator '~'"},
      {R"([{"column":1,"operator":"=","value":1}])", "filter[0].column: expected a string"},
      {R"([{"column":"a b","operator":"=","value":1}])", "filter[0].column:"},
      {R"([{"column":"a","operator":"=","value":null}])", "filter[0].value: null is no value"},
      {R"([{"column":"a","operator":"=","value":[1]}])", "filter[0].value: operator '=' takes one value"},
      {R"([{"column":"a","operator":"in","value":1}])", "filter[0].value: operator 'in' takes a list"},
      {R"([{"column":"a","operator":"in","value":[]}])", "filter[0].value: expected at least one value"},
      {R"([{"column":"a","operator":"in","value":[[1]]}])", "filter[0].value: a list cannot stand here"},
      {R"([{"column":"a","operator":"=","value":{}}])", "filter[0].value: an object cannot stand here"},
      {R"([{"column":"a","operator":"between","value":[1]}])", "filter[0].value: expected a list of two"},
      {R"([{"column":"a","operator":"is null","value":1}])", "filter[0].value: operator 'is null' takes no value"},
      {R"([{"column":"a","operator":"isNull","value":1}])", "filter[0].value: expected true or false"},
      {R"([{"column":"a","operator":"like","value":"a%b"}])", "filter[0].value: LIKE"},
      {R"([{"column":"a","operator":"like","value":1}])", "filter[0].value: expected a string"},
      {R"([{"column":"a","colour":1}])", "filter[0].colour: unknown key"},
      {R"([{"column":"a","column":"b"}])", "filter[0].column: key is given twice"},
      {R"([{"column":"a","operator":"=","value":1}] x)", "not JSON"},
      {"[{\"column\":\"\xff\"}]", "not JSON"},
  };
  for (const auto &[json, problem] : rows) {
    const std::string message = failure_of([&] { parse_filter_json(json); });
    BOOST_TEST_CONTEXT(json << " -> " << message) BOOST_TEST((message.find(problem) != std::string::npos));
  }
  BOOST_TEST(failure_of([] { parse_filter_json(std::string(1'000'000, '[')); }) != "accepted");
}

BOOST_AUTO_TEST_SUITE_END()
