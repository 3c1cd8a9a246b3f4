#include "codec/json_writer.h"

#include <charconv>
#include <cstring>

#include "base/error.h"
#include "base/little_endian.h"
#include "base/utf8.h"

namespace evodb {
namespace {

template <typename Number>
std::string_view to_digits(char (&digits)[32], Number value) {
  const auto [end, failed] = std::to_chars(digits, digits + sizeof(digits), value);
  return {digits, static_cast<std::size_t>(end - digits)};
}

/// Whether all of it is ASCII that needs no escape; eight bytes at a time, since most of a table's metadata is.
bool is_plain(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high_bits = ones * 0x80;
  const auto holds_zero = [](std::uint64_t eight) { return (eight - ones) & ~eight; };
  const auto special = [&](std::uint64_t eight) {
    return (eight | (eight - ones * ' ') | holds_zero(eight ^ (ones * '"')) | holds_zero(eight ^ (ones * '\\'))) &
           high_bits;
  };
  std::uint64_t found = 0;
  for (; text.size() >= sizeof(found); text.remove_prefix(sizeof(found))) {
    found |= special(load_le<std::uint64_t>(text.data()));
  }
  std::uint64_t rest = ones * ' ';
  std::memcpy(&rest, text.data(), text.size());
  return (found | special(rest)) == 0;
}

void append_escaped(bytes &out, char c) {
  static constexpr char hex[] = "0123456789abcdef";
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (const auto code = static_cast<unsigned char>(c); code < 0x20) {
    out += "\\u00";
    out += hex[code >> 4];
    out += hex[code & 15];
  } else {
    out += c;
  }
}

}  // namespace

template <typename Float>
void json_writer::floating(Float value) {
  char digits[32];
  const std::string_view shortest = to_digits(digits, value);
  raw(shortest);
  if (shortest.find_first_of(".e") == std::string_view::npos) out_ += ".0";
}

void json_writer::before_value() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

void json_writer::begin_object() {
  before_value();
  out_ += '{';
  needs_comma_ = false;
}

void json_writer::end_object() {
  out_ += '}';
  needs_comma_ = true;
}

void json_writer::begin_array() {
  before_value();
  out_ += '[';
  needs_comma_ = false;
}

void json_writer::end_array() {
  out_ += ']';
  needs_comma_ = true;
}

void json_writer::key(std::string_view name) {
  before_value();
  quote(name);
  out_ += ':';
  needs_comma_ = false;
}

void json_writer::text(std::string_view value) {
  before_value();
  quote(value);
}

void json_writer::integer(std::int64_t value) {
  char digits[32];
  raw(to_digits(digits, value));
}

void json_writer::number(double value) {
  floating(value);
}

void json_writer::number(float value) {
  floating(value);
}

void json_writer::boolean(bool value) {
  raw(value ? "true" : "false");
}

void json_writer::null() {
  raw("null");
}

void json_writer::raw(std::string_view json) {
  before_value();
  out_ += json;
}

void json_writer::quote(std::string_view text) {
  out_ += '"';
  if (is_plain(text)) {
    out_ += text;
  } else {
    // No reader would take other bytes, ours neither.
    if (!is_utf8(text)) fail(status::INVALID_ARGUMENT, "text is not UTF-8", to_hex(text.substr(0, 64)));
    for (const char c : text) append_escaped(out_, c);
  }
  out_ += '"';
}

}  // namespace evodb
