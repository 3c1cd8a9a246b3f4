#include "arrow/export_values.h"

#include <fmt/format.h>

#include <utility>

namespace evodb {
namespace {

template <typename T>
void append_number(export_batch &to, std::size_t column, const type &t, const value &v) {
  const T number = get<T>(t, v);
  to.append_octets(column, byte_view(reinterpret_cast<const char *>(&number), sizeof number));
}

}  // namespace

export_column export_column_of(std::string name, const type &t) {
  using kind = export_column::kind;
  const auto fixed_width = [&](std::int32_t width, std::string format) {
    return export_column{std::move(name), kind::fixed_width, true, std::move(format), width};
  };
  switch (t.kind()) {
    case type_kind::boolean:
      return {std::move(name), kind::boolean, true};
    case type_kind::int32:
      return {std::move(name), kind::int32, true};
    case type_kind::int64:
      return {std::move(name), kind::int64, true};
    case type_kind::float32:
      return fixed_width(4, "f");
    case type_kind::float64:
      return fixed_width(8, "g");
    case type_kind::decimal:
      return fixed_width(16, fmt::format("d:{},{}", t.precision(), t.scale()));
    case type_kind::date:
      return fixed_width(4, "tdD");
    case type_kind::time:
      return fixed_width(8, "ttu");
    case type_kind::timestamp:
      return fixed_width(8, "tsu:");
    case type_kind::timestamptz:
      return fixed_width(8, "tsu:UTC");
    case type_kind::timestamp_ns:
      return fixed_width(8, "tsn:");
    case type_kind::timestamptz_ns:
      return fixed_width(8, "tsn:UTC");
    case type_kind::string:
      return {std::move(name), kind::utf8, true};
    case type_kind::uuid:
      return fixed_width(16, "w:16");
    case type_kind::fixed:
      return fixed_width(t.length(), fmt::format("w:{}", t.length()));
    case type_kind::binary:
      return {std::move(name), kind::binary, true};
    default:
      return {std::move(name), kind::null, true};
  }
}

void append_value(export_batch &to, std::size_t column, const type &t, const value &v) {
  if (is_null(v)) return to.append_null(column);
  switch (t.kind()) {
    case type_kind::boolean:
      return to.append_boolean(column, get<bool>(t, v));
    case type_kind::int32:
    case type_kind::date:
      return append_number<std::int32_t>(to, column, t, v);
    case type_kind::int64:
    case type_kind::time:
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return append_number<std::int64_t>(to, column, t, v);
    case type_kind::float32:
      return append_number<float>(to, column, t, v);
    case type_kind::float64:
      return append_number<double>(to, column, t, v);
    case type_kind::decimal:
      return append_number<int128>(to, column, t, v);
    case type_kind::uuid:
    case type_kind::fixed:
      return to.append_octets(column, get<std::string>(t, v));
    case type_kind::string:
    case type_kind::binary:
      return to.append_text(column, get<std::string>(t, v));
    default:
      fail_not_a_value_of(t);
  }
}

}  // namespace evodb
