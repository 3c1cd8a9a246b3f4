#include "capi/predicate.h"

#include <fmt/format.h>

#include <cmath>

#include "capi/boundary.h"
#include "expression/parse.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

template <typename Make>
evodb_status make_predicate(evodb_predicate **out_predicate, evodb_error **error, Make make) {
  return guarded(error, [&] {
    require(out_predicate, "out_predicate");
    *out_predicate = new evodb_predicate{make()};
  });
}

predicate_kind kind_in(std::int32_t comparison, std::int32_t lowest, std::int32_t highest) {
  if (comparison < lowest || comparison > highest) {
    fail(status::INVALID_ARGUMENT, fmt::format("comparison: {} is not one that this function takes", comparison));
  }
  switch (comparison) {
    case EVODB_IS_NULL:
      return predicate_kind::is_null;
    case EVODB_NOT_NULL:
      return predicate_kind::not_null;
    case EVODB_IS_NAN:
      return predicate_kind::is_nan;
    case EVODB_NOT_NAN:
      return predicate_kind::not_nan;
    case EVODB_LESS:
      return predicate_kind::less;
    case EVODB_LESS_EQUAL:
      return predicate_kind::less_equal;
    case EVODB_GREATER:
      return predicate_kind::greater;
    case EVODB_GREATER_EQUAL:
      return predicate_kind::greater_equal;
    case EVODB_EQUAL:
      return predicate_kind::equal;
    case EVODB_NOT_EQUAL:
      return predicate_kind::not_equal;
    case EVODB_STARTS_WITH:
      return predicate_kind::starts_with;
    case EVODB_NOT_STARTS_WITH:
      return predicate_kind::not_starts_with;
    case EVODB_IN:
      return predicate_kind::in;
    default:
      return predicate_kind::not_in;
  }
}

literal literal_of(enum literal::kind kind, std::string text) {
  literal made;
  made.kind = kind;
  made.text = std::move(text);
  return made;
}

/// Numbers go as text, so that they stay exact until the column's type is known. fmt writes the shortest text that
/// reads back the same.
literal integer_literal(std::int64_t value) {
  return literal_of(literal::kind::number, fmt::format("{}", value));
}

literal double_literal(double value) {
  if (std::isnan(value)) return literal_of(literal::kind::text, "NaN");
  if (std::isinf(value)) return literal_of(literal::kind::text, value < 0 ? "-Infinity" : "Infinity");
  return literal_of(literal::kind::number, fmt::format("{}", value));
}

literal text_literal(std::string_view value) {
  return literal_of(literal::kind::text, std::string(value));
}

column_name column_in(const char *column, std::int64_t column_length) {
  const std::string_view name = text_in(column, column_length, "column");
  if (name.empty()) fail(status::INVALID_ARGUMENT, "column is empty");
  return parse_column(name);
}

}  // namespace

evodb_status evodb_predicate_parse(const char *text, int64_t text_length, evodb_predicate **out_predicate,
                                   evodb_error **error) {
  return make_predicate(out_predicate, error, [&] { return parse_filter(text_in(text, text_length, "text")); });
}

evodb_status evodb_predicate_parse_json(const char *json, int64_t json_length, evodb_predicate **out_predicate,
                                        evodb_error **error) {
  return make_predicate(out_predicate, error, [&] { return parse_filter_json(text_in(json, json_length, "json")); });
}

void evodb_predicate_free(evodb_predicate *predicate) {
  delete predicate;
}

evodb_status evodb_predicate_test(const char *column, int64_t column_length, int32_t comparison,
                                  evodb_predicate **out_predicate, evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    return test(kind_in(comparison, EVODB_IS_NULL, EVODB_NOT_NAN), column_in(column, column_length));
  });
}

evodb_status evodb_predicate_compare_int64(const char *column, int64_t column_length, int32_t comparison, int64_t value,
                                           evodb_predicate **out_predicate, evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    const predicate_kind kind = kind_in(comparison, EVODB_LESS, EVODB_NOT_EQUAL);
    return compare(kind, column_in(column, column_length), integer_literal(value));
  });
}

evodb_status evodb_predicate_compare_double(const char *column, int64_t column_length, int32_t comparison, double value,
                                            evodb_predicate **out_predicate, evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    const predicate_kind kind = kind_in(comparison, EVODB_LESS, EVODB_NOT_EQUAL);
    return compare(kind, column_in(column, column_length), double_literal(value));
  });
}

evodb_status evodb_predicate_compare_bool(const char *column, int64_t column_length, int32_t comparison,
                                          evodb_bool value, evodb_predicate **out_predicate, evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    const predicate_kind kind = kind_in(comparison, EVODB_EQUAL, EVODB_NOT_EQUAL);
    return compare(kind, column_in(column, column_length),
                   literal_of(literal::kind::boolean, value != 0 ? "true" : "false"));
  });
}

evodb_status evodb_predicate_compare_string(const char *column, int64_t column_length, int32_t comparison,
                                            const char *value, int64_t value_length, evodb_predicate **out_predicate,
                                            evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    const predicate_kind kind = kind_in(comparison, EVODB_LESS, EVODB_NOT_STARTS_WITH);
    return compare(kind, column_in(column, column_length), text_literal(text_in(value, value_length, "value")));
  });
}

evodb_status evodb_predicate_compare_bytes(const char *column, int64_t column_length, int32_t comparison,
                                           const uint8_t *value, int64_t value_length, evodb_predicate **out_predicate,
                                           evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    const predicate_kind kind = kind_in(comparison, EVODB_LESS, EVODB_NOT_EQUAL);
    return compare(kind, column_in(column, column_length),
                   literal_of(literal::kind::hex, std::string(octets_in(value, value_length, "value"))));
  });
}

evodb_status evodb_predicate_in_int64(const char *column, int64_t column_length, int32_t comparison,
                                      const int64_t *values, int64_t value_count, evodb_predicate **out_predicate,
                                      evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    const predicate_kind kind = kind_in(comparison, EVODB_IN, EVODB_NOT_IN);
    if (value_count < 0) fail(status::INVALID_ARGUMENT, "value_count is negative");
    if (value_count > 0) require(values, "values");
    std::vector<literal> literals;
    for (std::int64_t i = 0; i < value_count; ++i) literals.push_back(integer_literal(values[i]));
    return in(kind, column_in(column, column_length), std::move(literals));
  });
}

evodb_status evodb_predicate_in_strings(const char *column, int64_t column_length, int32_t comparison,
                                        const char *const *values, const int64_t *value_lengths, int64_t value_count,
                                        evodb_predicate **out_predicate, evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    const predicate_kind kind = kind_in(comparison, EVODB_IN, EVODB_NOT_IN);
    if (value_count < 0) fail(status::INVALID_ARGUMENT, "value_count is negative");
    if (value_count > 0) require(values, "values");
    std::vector<literal> literals;
    for (std::int64_t i = 0; i < value_count; ++i) {
      literals.push_back(text_literal(text_in(values[i], value_lengths == nullptr ? -1 : value_lengths[i], "values")));
    }
    return in(kind, column_in(column, column_length), std::move(literals));
  });
}

evodb_status evodb_predicate_and(const evodb_predicate *left, const evodb_predicate *right,
                                 evodb_predicate **out_predicate, evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    require(left, "left");
    require(right, "right");
    return and_({left->value, right->value});
  });
}

evodb_status evodb_predicate_or(const evodb_predicate *left, const evodb_predicate *right,
                                evodb_predicate **out_predicate, evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    require(left, "left");
    require(right, "right");
    return or_({left->value, right->value});
  });
}

evodb_status evodb_predicate_not(const evodb_predicate *predicate, evodb_predicate **out_predicate,
                                 evodb_error **error) {
  return make_predicate(out_predicate, error, [&] {
    require(predicate, "predicate");
    return not_(predicate->value);
  });
}
