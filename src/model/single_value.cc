#include <fmt/format.h>

#include "base/error.h"
#include "base/little_endian.h"
#include "model/value.h"

namespace evodb {
namespace {

template <typename T>
bytes little_endian(const type &t, const value &v) {
  bytes data;
  append_le(data, get<T>(t, v));
  return data;
}

[[noreturn]] void fail_length(const type &t, byte_view data) {
  fail(status::CORRUPT, fmt::format("single value of type {} has {} bytes", t.to_text(), data.size()));
}

template <typename T>
T read(const type &t, byte_view data) {
  if (data.size() != sizeof(T)) fail_length(t, data);
  return load_le<T>(data.data());
}

/// A timestamp, or the date that it was before its column was promoted.
value read_timestamp(const type &t, byte_view data) {
  if (data.size() != sizeof(std::int32_t)) return read<std::int64_t>(t, data);
  const auto days = load_le<std::int32_t>(data.data());
  try {
    return promote(type_kind::date, t, days);
  } catch (const error &e) {
    fail(status::CORRUPT, e.message());
  }
}

}  // namespace

bytes to_single_value(const type &t, const value &v) {
  switch (t.kind()) {
    case type_kind::boolean:
      return bytes(1, get<bool>(t, v) ? '\1' : '\0');
    case type_kind::int32:
    case type_kind::date:
      return little_endian<std::int32_t>(t, v);
    case type_kind::int64:
    case type_kind::time:
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return little_endian<std::int64_t>(t, v);
    case type_kind::float32:
      return little_endian<float>(t, v);
    case type_kind::float64:
      return little_endian<double>(t, v);
    case type_kind::decimal:
      return to_big_endian(get<int128>(t, v));
    case type_kind::string:
    case type_kind::uuid:
    case type_kind::fixed:
    case type_kind::binary:
    case type_kind::geometry:
    case type_kind::geography:
      return get<std::string>(t, v);
    default:
      fail(status::INVALID_ARGUMENT, fmt::format("type {} has no single values", t.to_text()));
  }
}

value from_single_value(const type &t, byte_view data) {
  switch (t.kind()) {
    case type_kind::boolean:
      return read<char>(t, data) != 0;
    case type_kind::int32:
    case type_kind::date:
      return read<std::int32_t>(t, data);
    case type_kind::int64:
      if (data.size() == sizeof(std::int32_t)) return std::int64_t{load_le<std::int32_t>(data.data())};
      return read<std::int64_t>(t, data);
    case type_kind::time:
    case type_kind::timestamptz:
    case type_kind::timestamptz_ns:
      return read<std::int64_t>(t, data);
    case type_kind::timestamp:
    case type_kind::timestamp_ns:
      return read_timestamp(t, data);
    case type_kind::float32:
      return read<float>(t, data);
    case type_kind::float64:
      if (data.size() == sizeof(float)) return double{load_le<float>(data.data())};
      return read<double>(t, data);
    case type_kind::decimal:
      if (data.empty() || data.size() > sizeof(int128)) fail_length(t, data);
      return int128_from_big_endian(data);
    case type_kind::uuid:
      if (data.size() != 16) fail_length(t, data);
      return bytes(data);
    case type_kind::fixed:  // a bound may be cut short
      if (data.size() > static_cast<std::size_t>(t.length())) fail_length(t, data);
      return bytes(data);
    case type_kind::string:
    case type_kind::binary:
    case type_kind::geometry:
    case type_kind::geography:
      return bytes(data);
    default:
      fail(status::CORRUPT,
           fmt::format("single value of {} bytes of type {}, which has none", data.size(), t.to_text()));
  }
}

std::optional<value> bound_from_single_value(const type &t, byte_view data) {
  try {
    const bool is_narrow = t.is(type_kind::int32) || t.is(type_kind::date);
    if (!is_narrow || data.size() != sizeof(std::int64_t)) return from_single_value(t, data);
    const auto number = load_le<std::int64_t>(data.data());
    if (number != static_cast<std::int32_t>(number)) return std::nullopt;
    return static_cast<std::int32_t>(number);
  } catch (const error &) {
    return std::nullopt;
  }
}

}  // namespace evodb
