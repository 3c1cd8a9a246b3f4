#include "codec/manifest_partition.h"

#include <fmt/format.h>

#include "base/int128.h"

namespace evodb {
namespace {

constexpr std::int64_t nanos_per_day = 86'400'000'000'000;

bool is_text(const avro_type &t) {
  return t.kind == avro_kind::string || t.kind == avro_kind::binary || t.kind == avro_kind::enumeration;
}

/// The unit of a date or time in nanoseconds; 0 of a plain integer.
std::int64_t unit_of(const avro_type &t) {
  if (t.logical_type == "date") return nanos_per_day;
  if (t.logical_type.ends_with("-millis")) return 1'000'000;
  if (t.logical_type.ends_with("-micros")) return 1'000;
  return t.logical_type.ends_with("-nanos") ? 1 : 0;
}

/// From the unit of the manifest to `unit` where that is as fine or finer. A plain integer has the type's unit if it
/// has its width: Java reads it so.
std::optional<partition_conversion> in_unit(const avro_type &from, std::int64_t unit, bool is_narrow) {
  if (!is_integer(from)) return std::nullopt;
  const std::int64_t given = unit_of(from);
  if (given == 0) {
    if (!is_narrow && from.kind == avro_kind::int32) return std::nullopt;  // days or milliseconds, but which?
    return partition_conversion{1, is_narrow, false};
  }
  if (given < unit || given % unit != 0) return std::nullopt;
  return partition_conversion{given / unit, is_narrow, false};
}

/// Numbers that are no times.
std::optional<partition_conversion> plain_integer(const avro_type &from, bool is_narrow) {
  const std::int64_t unit = unit_of(from);
  if (!is_integer(from) || (unit != 0 && unit != nanos_per_day)) return std::nullopt;  // days are ints to Java, too
  return partition_conversion{1, is_narrow, false};
}

bool has_scale(const avro_type &from, const type &to) {
  return from.logical_type != "decimal" || from.scale == to.scale();
}

/// Nothing where it does not fit into the type.
std::optional<std::int64_t> convert(std::int64_t number, const partition_conversion &conversion) {
  if (conversion.is_narrow && number != static_cast<std::int32_t>(number)) return std::nullopt;
  std::int64_t converted = 0;
  if (__builtin_mul_overflow(number, conversion.multiplier, &converted)) return std::nullopt;
  return converted;
}

/// Fixed decimals repeat the sign: cut to the shortest form, so that equal values have equal bytes.
std::string_view shortest_decimal(std::string_view data) {
  const auto repeats_sign = [&] {
    const auto sign = static_cast<std::uint8_t>(static_cast<std::uint8_t>(data[1]) >= 0x80 ? 0xff : 0);
    return static_cast<std::uint8_t>(data[0]) == sign;
  };
  while (data.size() > 1 && repeats_sign()) data.remove_prefix(1);
  return data;
}

bool is_value(std::string_view data, const type &of) {
  switch (of.kind()) {
    case type_kind::string:
      return is_avro_text(data);
    case type_kind::uuid:
      return data.size() == 16;
    case type_kind::fixed:
      return data.size() == static_cast<std::size_t>(of.length());
    case type_kind::decimal:
      return !data.empty() && data.size() <= sizeof(int128);
    default:
      return true;
  }
}

/// Null where the bytes are no value of the type.
span keep_value(std::string_view data, const type &of, data_files &files) {
  if (of.is(type_kind::decimal)) data = shortest_decimal(data);
  return is_value(data, of) ? files.keep(data) : span{};
}

std::string hex_of(std::string_view data) {
  std::string text;
  for (const char c : data) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

std::string read_as_text(avro_decoder &in, const avro_type &from) {
  switch (from.kind) {
    case avro_kind::boolean:
      return in.read_boolean() ? "true" : "false";
    case avro_kind::int32:
    case avro_kind::int64:
      return std::to_string(in.read_long());
    case avro_kind::float32:
      return fmt::format("{}", in.read_float());
    case avro_kind::float64:
      return fmt::format("{}", in.read_double());
    case avro_kind::enumeration:
      return std::string(in.read_symbol(from));
    case avro_kind::string: {
      const std::string_view text = in.read_bytes();
      return is_avro_text(text) ? std::string(text) : hex_of(text);
    }
    case avro_kind::fixed:
      return hex_of(in.read_fixed(from.size));
    default:
      return hex_of(in.read_bytes());
  }
}

}  // namespace

std::optional<partition_conversion> partition_conversion_of(const avro_type &from, const partition_field &field,
                                                            const type &to) {
  const auto as_is = [](bool fits) { return fits ? std::optional(partition_conversion{}) : std::nullopt; };
  if (field.transform.kind == transform::kind::unknown) {
    const bool is_nested = from.kind >= avro_kind::record || from.kind == avro_kind::null;
    return is_nested ? std::nullopt : std::optional(partition_conversion{1, false, true});
  }
  switch (to.kind()) {
    case type_kind::boolean:
      return as_is(from.kind == avro_kind::boolean);
    case type_kind::int32:
      return plain_integer(from, true);
    case type_kind::int64:
      return plain_integer(from, false);
    case type_kind::date:
      return in_unit(from, nanos_per_day, true);
    case type_kind::time:
    case type_kind::timestamp:
    case type_kind::timestamptz:
      return in_unit(from, 1'000, false);
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return in_unit(from, 1, false);
    case type_kind::float32:
      return as_is(from.kind == avro_kind::float32);
    case type_kind::float64:
      return as_is(from.kind == avro_kind::float32 || from.kind == avro_kind::float64);
    case type_kind::string:
      return as_is(is_text(from));
    case type_kind::uuid:
      return as_is(from.kind == avro_kind::binary || (from.kind == avro_kind::fixed && from.size == 16));
    case type_kind::fixed:
      return as_is(from.kind == avro_kind::binary ||
                   (from.kind == avro_kind::fixed && from.size == static_cast<std::uint32_t>(to.length())));
    case type_kind::decimal:
      return as_is((from.kind == avro_kind::binary || (from.kind == avro_kind::fixed && from.size > 0)) &&
                   has_scale(from, to));
    case type_kind::binary:
      return as_is(from.kind == avro_kind::binary || from.kind == avro_kind::string || from.kind == avro_kind::fixed);
    default:
      return std::nullopt;
  }
}

void read_partition_value(avro_decoder &in, const avro_type &from, const partition_conversion &conversion,
                          value_column &column, std::size_t row, data_files &files) {
  const auto set_known = [&](bool is_known) {
    column.valid[row] = is_known ? 1 : 0;
    column.unknown[row] = is_known ? 0 : 1;
  };
  set_known(true);
  if (conversion.to_text) {
    column.spans[row] = files.keep(read_as_text(in, from));
    return;
  }
  switch (from.kind) {
    case avro_kind::boolean:
      column.integers[row] = in.read_boolean() ? 1 : 0;
      break;
    case avro_kind::int32:
    case avro_kind::int64: {
      const std::optional<std::int64_t> number = convert(in.read_long(), conversion);
      column.integers[row] = number.value_or(0);
      set_known(number.has_value());
      break;
    }
    case avro_kind::float32:
      column.doubles[row] = static_cast<double>(in.read_float());
      break;
    case avro_kind::float64:
      column.doubles[row] = in.read_double();
      break;
    case avro_kind::enumeration:
      column.spans[row] = files.keep(in.read_symbol(from));
      break;
    default: {
      const std::string_view data = from.kind == avro_kind::fixed ? in.read_fixed(from.size) : in.read_bytes();
      column.spans[row] = keep_value(data, column.type, files);
      const bool is_known = !column.spans[row].is_null();
      if (!is_known && from.kind == avro_kind::string) in.corrupt("a partition value is not UTF-8");
      set_known(is_known);
      break;
    }
  }
}

}  // namespace evodb
