#include <boost/json/basic_parser_impl.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/text_cursor.h"
#include "expression/parse.h"

namespace evodb {
namespace {

using boost::json::error_code;
using boost::json::string_view;

[[noreturn]] void fail_at(const std::string &place, std::string_view problem) {
  fail(status::INVALID_FILTER, fmt::format("{}: {}", place, problem), place);
}

struct filter_entry {
  std::optional<literal> column, op;
  std::optional<std::vector<literal>> values;
  bool is_list = false;
};

/// Takes the events of a JSON parser, and from it the text of numbers: its own conversion of doubles is not exact.
class entry_collector {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1), max_array_size = std::size_t(-1),
                               max_key_size = std::size_t(-1), max_string_size = std::size_t(-1);

  std::vector<filter_entry> entries;

  bool on_document_begin(error_code &) { return true; }
  bool on_document_end(error_code &) { return true; }

  bool on_array_begin(error_code &) {
    if (depth_ == 2 && key_ == "value" && !entries.back().values) {
      entries.back().values.emplace();
      entries.back().is_list = true;
    } else if (depth_ != 0) {
      fail_at(place(), "a list cannot stand here");
    }
    ++depth_;
    return true;
  }
  bool on_array_end(std::size_t, error_code &) {
    --depth_;
    return true;
  }
  bool on_object_begin(error_code &) {
    if (depth_ != 1) fail_at(place(), depth_ == 0 ? "expected a list of conditions" : "an object cannot stand here");
    entries.emplace_back();
    key_.clear();
    ++depth_;
    return true;
  }
  bool on_object_end(std::size_t, error_code &) {
    key_.clear();
    --depth_;
    return true;
  }
  bool on_key_part(string_view part, std::size_t, error_code &) { return append(part); }
  bool on_key(string_view part, std::size_t, error_code &) {
    append(part);
    key_ = std::move(text_);
    text_.clear();
    if (key_ != "column" && key_ != "operator" && key_ != "value") fail_at(place(), "unknown key");
    const filter_entry &e = entries.back();
    if (key_ == "column" ? e.column.has_value() : key_ == "operator" ? e.op.has_value() : e.values.has_value()) {
      fail_at(place(), "key is given twice");
    }
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code &) { return append(part); }
  bool on_string(string_view part, std::size_t, error_code &) { return append(part) && add(literal::kind::text); }
  bool on_number_part(string_view part, error_code &) { return append(part); }
  bool on_int64(std::int64_t, string_view part, error_code &) { return append(part) && add(literal::kind::number); }
  bool on_uint64(std::uint64_t, string_view part, error_code &) { return append(part) && add(literal::kind::number); }
  bool on_double(double, string_view part, error_code &) { return append(part) && add(literal::kind::number); }
  bool on_bool(bool b, error_code &) {
    text_ = b ? "true" : "false";
    return add(literal::kind::boolean);
  }
  bool on_null(error_code &) { fail_at(place(), "null is no value (use the operator \"is null\")"); }
  bool on_comment_part(string_view, error_code &) { return true; }
  bool on_comment(string_view, error_code &) { return true; }

 private:
  std::string place() const {
    if (entries.empty() || depth_ == 0) return "filter";
    if (depth_ == 1) return fmt::format("filter[{}]", entries.size());
    return fmt::format("filter[{}]{}{}", entries.size() - 1, key_.empty() ? "" : ".", key_);
  }

  bool append(string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool add(enum literal::kind kind) {
    literal l;
    l.kind = kind;
    l.text = std::move(text_);
    text_.clear();
    if (depth_ == 3) {
      entries.back().values->push_back(std::move(l));
    } else if (depth_ != 2) {
      fail_at(depth_ == 0 ? "filter" : fmt::format("filter[{}]", entries.size()), "expected a list of objects");
    } else if (key_ == "value") {
      entries.back().values.emplace().push_back(std::move(l));
    } else if (kind != literal::kind::text) {
      fail_at(place(), "expected a string");
    } else {
      (key_ == "column" ? entries.back().column : entries.back().op) = std::move(l);
    }
    return true;
  }

  int depth_ = 0;
  std::string key_;
  std::string text_;  // of a key, string or number that is not complete
};

enum class operand : std::uint8_t { one, prefix, pattern, list, pair, none, truth };
struct filter_operator {
  const char *name;
  predicate_kind kind;
  operand takes;
};
constexpr filter_operator operators[] = {
    {"=", predicate_kind::equal, operand::one},
    {"==", predicate_kind::equal, operand::one},
    {"eq", predicate_kind::equal, operand::one},
    {"!=", predicate_kind::not_equal, operand::one},
    {"<>", predicate_kind::not_equal, operand::one},
    {"ne", predicate_kind::not_equal, operand::one},
    {"<", predicate_kind::less, operand::one},
    {"lt", predicate_kind::less, operand::one},
    {"<=", predicate_kind::less_equal, operand::one},
    {"lte", predicate_kind::less_equal, operand::one},
    {"le", predicate_kind::less_equal, operand::one},
    {">", predicate_kind::greater, operand::one},
    {"gt", predicate_kind::greater, operand::one},
    {">=", predicate_kind::greater_equal, operand::one},
    {"gte", predicate_kind::greater_equal, operand::one},
    {"ge", predicate_kind::greater_equal, operand::one},
    {"in", predicate_kind::in, operand::list},
    {"not in", predicate_kind::not_in, operand::list},
    {"between", predicate_kind::and_, operand::pair},
    {"is null", predicate_kind::is_null, operand::none},
    {"is not null", predicate_kind::not_null, operand::none},
    {"isNull", predicate_kind::is_null, operand::truth},
    {"is nan", predicate_kind::is_nan, operand::none},
    {"is not nan", predicate_kind::not_nan, operand::none},
    {"starts with", predicate_kind::starts_with, operand::prefix},
    {"not starts with", predicate_kind::not_starts_with, operand::prefix},
    {"like", predicate_kind::starts_with, operand::pattern},
    {"not like", predicate_kind::not_starts_with, operand::pattern},
};

/// One entry of the list as a predicate.
class entry_reader {
  /// Failures of `read_it` are those of the key's value.
  template <typename F>
  auto within(const char *key, F &&read_it) const {
    try {
      return read_it();
    } catch (const error &e) {
      fail_at(fmt::format("{}.{}", place_, key), e.message());
    }
  }

 public:
  entry_reader(filter_entry entry, std::size_t index)
      : entry_(std::move(entry)), place_(fmt::format("filter[{}]", index)) {}

  predicate_ptr read() {
    if (!entry_.column) fail_at(place_, "key \"column\" is missing");
    if (!entry_.op) fail_at(place_, "key \"operator\" is missing");
    column_name column = within("column", [&] { return parse_column(entry_.column->text); });
    column.at = 0;  // the character would be one of the name alone
    const filter_operator &op = find_operator();
    check_count(op);
    switch (op.takes) {
      case operand::none:
        return test(op.kind, std::move(column));
      case operand::truth:
        if (values()[0].kind != literal::kind::boolean) fail_at(place_ + ".value", "expected true or false");
        return test(values()[0].text == "true" ? predicate_kind::is_null : predicate_kind::not_null, std::move(column));
      case operand::list:
        return in(op.kind, std::move(column), std::move(values()));
      case operand::pair:
        return between(std::move(column), std::move(values()[0]), std::move(values()[1]));
      case operand::prefix:
      case operand::pattern:
        if (values()[0].kind != literal::kind::text) fail_at(place_ + ".value", "expected a string");
        if (op.takes == operand::pattern)
          values()[0].text = within("value", [&] { return prefix_of_like(values()[0].text); });
        break;
      case operand::one:
        break;
    }
    return compare(op.kind, std::move(column), std::move(values()[0]));
  }

 private:
  std::vector<literal> &values() { return *entry_.values; }

  const filter_operator &find_operator() const {
    for (const filter_operator &known : operators) {
      if (equal_ignoring_case(entry_.op->text, known.name)) return known;
    }
    fail_at(place_ + ".operator", fmt::format("unknown operator '{}'", entry_.op->text));
  }

  void check_count(const filter_operator &op) const {
    const std::string at_value = place_ + ".value";
    if (op.takes == operand::none) {
      if (entry_.values) fail_at(at_value, fmt::format("operator '{}' takes no value", op.name));
      return;
    }
    if (!entry_.values) fail_at(place_, "key \"value\" is missing");
    const std::size_t count = entry_.values->size();
    const bool list_wanted = op.takes == operand::list || op.takes == operand::pair;
    if (list_wanted != entry_.is_list) {
      fail_at(at_value, fmt::format("operator '{}' takes {}", op.name, list_wanted ? "a list" : "one value"));
    }
    if (op.takes == operand::pair && count != 2) fail_at(at_value, "expected a list of two values");
    if (count == 0) fail_at(at_value, "expected at least one value");
  }

  filter_entry entry_;
  std::string place_;
};

}  // namespace

predicate_ptr parse_filter_json(std::string_view json) {
  boost::json::basic_parser<entry_collector> parser{boost::json::parse_options()};
  error_code problem;
  const std::size_t read = parser.write_some(false, json.data(), json.size(), problem);
  if (!problem && read != json.size()) problem = boost::json::error::extra_data;
  if (problem) {
    fail(status::INVALID_FILTER, fmt::format("filter is not JSON: {} at byte {}", problem.message(), read + 1));
  }
  std::vector<filter_entry> &entries = parser.handler().entries;
  std::vector<predicate_ptr> conditions;
  for (std::size_t i = 0; i < entries.size(); ++i) conditions.push_back(entry_reader(std::move(entries[i]), i).read());
  return and_(std::move(conditions));
}

}  // namespace evodb
