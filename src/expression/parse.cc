#include "expression/parse.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text_cursor.h"
#include "expression/filter_lexer.h"

namespace evodb {
namespace {

constexpr std::array reserved = {"and", "or", "not", "in", "is", "null", "between", "like", "true", "false"};

bool is_reserved(std::string_view word) {
  return std::any_of(reserved.begin(), reserved.end(), [&](const char *r) { return equal_ignoring_case(word, r); });
}

struct comparison_symbol {
  const char *symbol;
  predicate_kind kind;
};
constexpr comparison_symbol comparison_symbols[] = {
    {"=", predicate_kind::equal},          {"<>", predicate_kind::not_equal},  {"!=", predicate_kind::not_equal},
    {"<", predicate_kind::less},           {"<=", predicate_kind::less_equal}, {">", predicate_kind::greater},
    {">=", predicate_kind::greater_equal},
};

class filter_parser {
 public:
  explicit filter_parser(std::string_view text) : lexer_(text) {}

  predicate_ptr parse_all() {
    predicate_ptr parsed = parse_or(1);
    if (here().kind != filter_token::kind::end) fail_here("expected AND, OR or the end");
    return parsed;
  }

  column_name parse_column_alone() {
    column_name column = expect_column();
    if (here().kind != filter_token::kind::end) fail_here("expected the end of the column's name");
    return column;
  }

 private:
  const filter_token &here() const noexcept { return lexer_.peek(); }
  [[noreturn]] void fail_here(std::string_view expected) const { fail_filter(expected, here().at); }

  bool take_symbol(std::string_view symbol) {
    if (!here().is_symbol(symbol)) return false;
    lexer_.take();
    return true;
  }
  void expect_symbol(std::string_view symbol) {
    if (!take_symbol(symbol)) fail_here(fmt::format("expected '{}'", symbol));
  }
  bool take_keyword(std::string_view keyword) {
    if (!here().is_keyword(keyword)) return false;
    lexer_.take();
    return true;
  }

  predicate_ptr parse_or(int depth) {
    std::vector<predicate_ptr> alternatives;
    do {
      alternatives.push_back(parse_and(depth));
    } while (take_keyword("or"));
    return or_(std::move(alternatives));
  }

  predicate_ptr parse_and(int depth) {
    std::vector<predicate_ptr> conditions;
    do {
      conditions.push_back(parse_condition(depth));
    } while (take_keyword("and"));
    return and_(std::move(conditions));
  }

  predicate_ptr parse_condition(int depth) {
    bool negated = false;
    while (take_keyword("not")) negated = !negated;
    predicate_ptr condition = parse_positive(depth);
    return negated ? not_(std::move(condition)) : condition;
  }

  predicate_ptr parse_positive(int depth) {
    // Each parenthesis may add an OR, an AND and a NOT to the predicate's depth.
    constexpr int deepest_parenthesis = predicate::max_depth / 3 - 1;
    if (depth > deepest_parenthesis)
      fail_here(fmt::format("more than {} parentheses inside each other", deepest_parenthesis));
    if (take_keyword("true")) return always_true();
    if (take_keyword("false")) return always_false();
    if (take_symbol("(")) {
      predicate_ptr inside = parse_or(depth + 1);
      expect_symbol(")");
      return inside;
    }
    return parse_test(expect_column());
  }

  column_name expect_column() {
    column_name column;
    column.at = here().at;
    const bool word = here().kind == filter_token::kind::word && !is_reserved(here().text);
    if (here().kind == filter_token::kind::text)
      fail_here("expected a column (its name stands in double quotes, texts in single ones)");
    if (!word && here().kind != filter_token::kind::quoted_name) fail_here("expected a column");
    column.segments.push_back(lexer_.take().text);
    while (take_symbol(".")) {
      if (here().kind != filter_token::kind::word && here().kind != filter_token::kind::quoted_name) {
        fail_here("expected a name behind '.'");
      }
      column.segments.push_back(lexer_.take().text);
    }
    return column;
  }

  predicate_ptr parse_test(column_name column) {
    for (const comparison_symbol &c : comparison_symbols) {
      if (take_symbol(c.symbol)) return compare(c.kind, std::move(column), expect_literal());
    }
    if (take_keyword("is")) return parse_is(std::move(column));
    const bool negated = take_keyword("not");
    if (take_keyword("in")) return parse_in(negated, std::move(column));
    if (take_keyword("between")) return parse_between(negated, std::move(column));
    if (take_keyword("like")) return parse_like(negated, std::move(column));
    if (take_keyword("starts")) return parse_starts_with(negated, std::move(column));
    if (negated) fail_here("expected IN, BETWEEN, LIKE or STARTS WITH");
    const bool goes_on = here().kind == filter_token::kind::word;
    fail_here(fmt::format("expected a comparison, IN, BETWEEN, IS, LIKE or STARTS WITH{}",
                          goes_on ? " (a name with blanks stands in double quotes)" : ""));
  }

  predicate_ptr parse_is(column_name column) {
    const bool negated = take_keyword("not");
    if (take_keyword("null"))
      return test(negated ? predicate_kind::not_null : predicate_kind::is_null, std::move(column));
    if (take_keyword("nan")) return test(negated ? predicate_kind::not_nan : predicate_kind::is_nan, std::move(column));
    fail_here("expected NULL or NAN");
  }

  predicate_ptr parse_in(bool negated, column_name column) {
    std::vector<literal> literals;
    expect_symbol("(");
    do {
      literals.push_back(expect_literal());
    } while (take_symbol(","));
    expect_symbol(")");
    return in(negated ? predicate_kind::not_in : predicate_kind::in, std::move(column), std::move(literals));
  }

  predicate_ptr parse_between(bool negated, column_name column) {
    literal lowest = expect_literal();
    if (!take_keyword("and")) fail_here("expected AND");
    literal highest = expect_literal();
    predicate_ptr inside = between(std::move(column), std::move(lowest), std::move(highest));
    return negated ? not_(std::move(inside)) : inside;
  }

  predicate_ptr parse_like(bool negated, column_name column) {
    literal pattern = expect_text("LIKE");
    try {
      pattern.text = prefix_of_like(pattern.text);
    } catch (const error &e) {
      fail_filter(e.message(), pattern.at);
    }
    return prefix_test(negated, std::move(column), std::move(pattern));
  }

  predicate_ptr parse_starts_with(bool negated, column_name column) {
    if (!take_keyword("with")) fail_here("expected WITH");
    return prefix_test(negated, std::move(column), expect_text("STARTS WITH"));
  }

  static predicate_ptr prefix_test(bool negated, column_name column, literal prefix) {
    return compare(negated ? predicate_kind::not_starts_with : predicate_kind::starts_with, std::move(column),
                   std::move(prefix));
  }

  literal expect_text(std::string_view of) {
    if (here().kind != filter_token::kind::text) fail_here(fmt::format("expected a text behind {}", of));
    return take_literal(literal::kind::text);
  }

  literal take_literal(enum literal::kind kind) {
    filter_token token = lexer_.take();
    literal taken;
    taken.kind = kind;
    taken.text = std::move(token.text);
    taken.at = token.at;
    return taken;
  }

  literal expect_literal() {
    switch (here().kind) {
      case filter_token::kind::number:
        return take_literal(literal::kind::number);
      case filter_token::kind::text:
        return take_literal(literal::kind::text);
      case filter_token::kind::hex:
        return take_literal(literal::kind::hex);
      default:
        break;
    }
    if (here().is_keyword("true") || here().is_keyword("false")) return take_literal(literal::kind::boolean);
    if (here().is_keyword("null")) fail_here("NULL is equal to nothing (use IS NULL)");
    if (here().kind == filter_token::kind::quoted_name) fail_here("expected a literal (texts stand in single quotes)");
    for (const auto &[keyword, kind] :
         {std::pair("date", literal::kind::date), std::pair("timestamp", literal::kind::timestamp)}) {
      if (!take_keyword(keyword)) continue;
      if (here().kind != filter_token::kind::text) fail_here("expected a text");
      return take_literal(kind);
    }
    constexpr std::size_t longest_shown = 64;
    const bool is_word = here().kind == filter_token::kind::word && here().text.size() <= longest_shown;
    fail_here(is_word ? fmt::format("expected a literal (a text stands in single quotes: '{}')", here().text)
                      : "expected a literal");
  }

  filter_lexer lexer_;
};

}  // namespace

predicate_ptr parse_filter(std::string_view text) {
  return filter_parser(text).parse_all();
}

column_name parse_column(std::string_view text) {
  return filter_parser(text).parse_column_alone();
}

std::string prefix_of_like(std::string_view pattern) {
  if (!pattern.ends_with('%'))
    fail(status::INVALID_FILTER, "LIKE needs one % at the end of its pattern (use = for a whole text)");
  const std::string_view prefix = pattern.substr(0, pattern.size() - 1);
  if (prefix.find_first_of("%_\\") != std::string_view::npos) {
    fail(status::INVALID_FILTER,
         "LIKE takes prefixes only, without %, _ and \\ before the last % (use STARTS WITH for such texts)");
  }
  return std::string(prefix);
}

std::string quote_name(std::string_view name) {
  const bool plain =
      !name.empty() && std::all_of(name.begin(), name.end(), is_word_char) && !(name[0] >= '0' && name[0] <= '9');
  if (plain && !is_reserved(name)) return std::string(name);
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace evodb
