#include "codec/single_value_json.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace evodb {
namespace {

constexpr std::string_view nan = "NaN";
constexpr std::string_view infinity = "Infinity";
constexpr std::string_view minus_infinity = "-Infinity";

template <typename Float>
void write_float(json_writer &to, Float number) {
  if (std::isfinite(number)) return to.number(number);
  to.text(std::isnan(number) ? nan : number > 0 ? infinity : minus_infinity);
}

template <typename Float>
Float read_float(const json_node &from) {
  using limits = std::numeric_limits<Float>;
  if (from.is_text()) {
    if (from.text() == nan) return limits::quiet_NaN();
    if (from.text() == infinity) return limits::infinity();
    if (from.text() == minus_infinity) return -limits::infinity();
  }
  const double number = from.number();
  if (std::abs(number) > limits::max()) from.refuse("number is out of range");
  return static_cast<Float>(number);
}

}  // namespace

void write_single_value(json_writer &to, const type &t, const value &v) {
  if (is_null(v)) return to.null();
  switch (t.kind()) {
    case type_kind::boolean:
      return to.boolean(get<bool>(t, v));
    case type_kind::int32:
      return to.integer(get<std::int32_t>(t, v));
    case type_kind::int64:
      return to.integer(get<std::int64_t>(t, v));
    case type_kind::float32:
      return write_float(to, get<float>(t, v));
    case type_kind::float64:
      return write_float(to, get<double>(t, v));
    case type_kind::structure:
      return to.raw(to_text(t, v));
    default:
      return to.text(to_text(t, v));
  }
}

value read_single_value(const json_node &from, const type &t) {
  if (from.is_null()) return null_value();
  switch (t.kind()) {
    case type_kind::boolean:
      return from.boolean();
    case type_kind::int32:
      return from.int32();
    case type_kind::int64:
      return from.int64();
    case type_kind::float32:
      return read_float<float>(from);
    case type_kind::float64:
      return read_float<double>(from);
    case type_kind::structure:
      if (from.member_count() != 0) from.refuse("the default of a struct can only be null or {}");
      return struct_default();
    case type_kind::list:
    case type_kind::map:
    case type_kind::unknown:
    case type_kind::variant:
    case type_kind::geometry:
    case type_kind::geography:
      from.refuse(fmt::format("a value of type {} can only be null", t.to_text()));
    default: {
      const std::string_view text = from.text();
      return from.checked([&] { return value_from_text(t, text); });
    }
  }
}

value read_single_value_text(const type &t, std::string_view json, std::string_view subject) {
  const json_document document(json, subject, status::INVALID_ARGUMENT);
  return read_single_value(document.root(), t);
}

}  // namespace evodb
