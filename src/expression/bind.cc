#include "expression/bind.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "expression/convert_literal.h"
#include "expression/parse.h"

namespace evodb {
namespace {

std::string written(const column_name &column) {
  std::string text;
  for (const std::string &segment : column.segments) text += (text.empty() ? "" : ".") + quote_name(segment);
  return text;
}

[[noreturn]] void fail_at(const std::string &problem, std::size_t at, const column_name &column) {
  fail(status::INVALID_FILTER, at == 0 ? problem : fmt::format("{} at character {}", problem, at), written(column));
}

class binder {
 public:
  binder(const schema &s, bool nan_is_highest) : schema_(s), nan_is_highest_(nan_is_highest) {}

  /// `negated`: bind NOT p instead.
  bound_ptr bind_any(const predicate &p, bool negated) const {
    switch (p.kind) {
      case predicate_kind::always_true:
      case predicate_kind::always_false:
        return (p.kind == predicate_kind::always_true) != negated ? bound_true() : bound_false();
      case predicate_kind::not_:
        return bind_any(*p.children.front(), !negated);
      case predicate_kind::and_:
      case predicate_kind::or_: {
        std::vector<bound_ptr> children;
        for (const predicate_ptr &child : p.children) children.push_back(bind_any(*child, negated));
        return (p.kind == predicate_kind::and_) != negated ? bound_and(std::move(children))
                                                           : bound_or(std::move(children));
      }
      default:
        return bind_leaf(p, negated);
    }
  }

 private:
  bound_ptr bind_leaf(const predicate &p, bool negated) const {
    const bool tests_null = p.kind == predicate_kind::is_null || p.kind == predicate_kind::not_null;
    const field &f = find_field(p.column, tests_null);
    bound_predicate leaf;
    leaf.kind = p.kind;
    leaf.field_id = f.id;
    leaf.type = f.type;
    leaf.name = written(p.column);
    leaf.nan_is_highest = nan_is_highest_;
    if (negated) flip(leaf);  // before arithmetic decides anything: what null makes unknown stays so under NOT
    switch (leaf.kind) {
      case predicate_kind::is_null:
        return schema_.is_never_null(f.id) ? bound_false() : bound_leaf(std::move(leaf));
      case predicate_kind::not_null:
        return schema_.is_never_null(f.id) ? bound_true() : bound_leaf(std::move(leaf));
      case predicate_kind::is_nan:
      case predicate_kind::not_nan:
        if (key_kind_of(f.type) != key_kind::floating)
          fail_type("NaN is only in columns of type float and double", p, f);
        return bound_leaf(std::move(leaf));
      case predicate_kind::starts_with:
      case predicate_kind::not_starts_with:
        if (!f.type.is(type_kind::string)) fail_type("prefixes are only for columns of type string", p, f);
        break;
      default:
        if (key_kind_of(f.type) == key_kind::none) fail_type("values of the column's type cannot be compared", p, f);
    }
    return bind_comparison(p, std::move(leaf));
  }

  bound_ptr bind_comparison(const predicate &p, bound_predicate leaf) const {
    using place = enum converted_literal::place;
    const bool needs_value =
        p.kind == predicate_kind::equal || p.kind == predicate_kind::in || p.kind == predicate_kind::not_in;
    place where = place::at;
    for (const literal &l : p.literals) {
      converted_literal converted = convert_literal(l, leaf, p.column);
      where = converted.place;
      if (needs_value && where != place::at) {
        fail_at(fmt::format("{} {} column {} of type {}", l.text,
                            where == place::between ? "is no value of" : "is out of the range of", leaf.name,
                            leaf.type.to_text()),
                l.at, p.column);
      }
      leaf.literals.push_back(std::move(converted.nearest));
    }
    return where == place::at ? bound_leaf(std::move(leaf)) : by_arithmetic(where, std::move(leaf));
  }

  /// A comparison with a number that no value of the column is equal to.
  bound_ptr by_arithmetic(enum converted_literal::place where, bound_predicate leaf) const {
    using place = enum converted_literal::place;
    const bool less = leaf.kind == predicate_kind::less || leaf.kind == predicate_kind::less_equal;
    if (leaf.kind == predicate_kind::equal) return bound_false();  // it was NOT <>
    if (where == place::between && leaf.kind != predicate_kind::not_equal) {
      leaf.kind = less ? predicate_kind::less_equal : predicate_kind::greater;
      return bound_leaf(std::move(leaf));
    }
    if (leaf.kind != predicate_kind::not_equal && less != (where == place::above)) return bound_false();
    if (schema_.is_never_null(leaf.field_id)) return bound_true();
    leaf.kind = predicate_kind::not_null;  // null is not below, above or unequal to anything
    leaf.literals.clear();
    return bound_leaf(std::move(leaf));
  }

  static converted_literal convert_literal(const literal &l, const bound_predicate &leaf, const column_name &column) {
    try {
      return convert(l, leaf.type);
    } catch (const error &e) {
      fail_at(fmt::format("column {}: {}", leaf.name, e.message()), l.at, column);
    }
  }

  const field &find_field(const column_name &column, bool tests_null) const {
    const field *found = schema_.find_path(column.segments);
    if (!found) fail_unknown(column);
    if (!schema_.is_single_valued(found->id)) {
      fail_at(fmt::format("column {} is inside a list or map: a row has many values of it", written(column)), column.at,
              column);
    }
    if (!tests_null && !found->type.is_primitive()) {
      fail_at(fmt::format("column {} is of type {}, of which filters can test only whether it is null", written(column),
                          found->type.to_text()),
              column.at, column);
    }
    return *found;
  }

  [[noreturn]] void fail_type(const char *problem, const predicate &p, const field &f) const {
    fail_at(fmt::format("{}: {} is of type {}", problem, written(p.column), f.type.to_text()), p.column.at, p.column);
  }

  [[noreturn]] void fail_unknown(const column_name &column) const {
    const field *similar = schema_.find_ignoring_case(fmt::format("{}", fmt::join(column.segments, ".")));
    std::string hint;
    if (similar) hint = fmt::format(" (there is {}: case counts)", written({schema_.path_of(similar->id)}));
    fail_at(fmt::format("unknown column {}{}", written(column), hint), column.at, column);
  }

  /// Whether the field and all structs around it are required.
  const schema &schema_;
  bool nan_is_highest_;
};

}  // namespace

bound_ptr bind(const predicate_ptr &p, const schema &s, bool nan_is_highest) {
  return binder(s, nan_is_highest).bind_any(*p, false);
}

}  // namespace evodb
