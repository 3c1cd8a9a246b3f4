#include "codec/single_value_json.h"

#include <fmt/format.h>

#include <cmath>

namespace evodb {
namespace {

template <typename Float>
void write_float(json_writer &to, const type &t, Float number) {
  if (std::isfinite(number)) {
    to.number(number);
  } else {
    to.text(to_text(t, number));
  }
}

value read_float(const json_node &from, const type &t) {
  if (from.is_text()) return from.checked([&] { return value_from_text(t, from.text()); });
  const double number = from.number();
  if (t.is(type_kind::float32)) return static_cast<float>(number);
  return number;
}

}  // namespace

void write_single_value(json_writer &to, const type &t, const value &v) {
  if (is_null(v)) return to.null();
  switch (t.kind()) {
    case type_kind::boolean:
      return to.boolean(std::get<bool>(v));
    case type_kind::int32:
      return to.integer(std::get<std::int32_t>(v));
    case type_kind::int64:
      return to.integer(std::get<std::int64_t>(v));
    case type_kind::float32:
      return write_float(to, t, std::get<float>(v));
    case type_kind::float64:
      return write_float(to, t, std::get<double>(v));
    case type_kind::structure:
      return to.raw("{}");
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
    case type_kind::float64:
      return read_float(from, t);
    case type_kind::structure:
      if (!from.object().empty()) from.refuse("the default of a struct can only be null or {}");
      return struct_default();
    case type_kind::list:
    case type_kind::map:
    case type_kind::unknown:
    case type_kind::variant:
    case type_kind::geometry:
    case type_kind::geography:
      from.refuse(fmt::format("a value of type {} can only be null", t.to_text()));
    default:
      return from.checked([&] { return value_from_text(t, from.text()); });
  }
}

value read_single_value_text(const type &t, std::string_view json, std::string_view subject) {
  const json_document document(json, subject, status::INVALID_ARGUMENT);
  return read_single_value(document.root(), t);
}

}  // namespace evodb
