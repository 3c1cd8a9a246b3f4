#include "codec/json_writer.h"

#include <charconv>

namespace evodb {
namespace {

template <typename Number>
void append_number(bytes &out, Number value) {
  char digits[32];
  const auto [end, failed] = std::to_chars(digits, digits + sizeof(digits), value);
  out.append(digits, end);
}

}  // namespace

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
  before_value();
  append_number(out_, value);
}

void json_writer::number(double value) {
  before_value();
  append_number(out_, value);
}

void json_writer::number(float value) {
  before_value();
  append_number(out_, value);
}

void json_writer::boolean(bool value) { raw(value ? "true" : "false"); }

void json_writer::null() { raw("null"); }

void json_writer::raw(std::string_view json) {
  before_value();
  out_ += json;
}

void json_writer::quote(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out_ += '"';
  std::size_t plain_from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out_ += text.substr(plain_from, at - plain_from);
    plain_from = at + 1;
    out_ += '\\';
    if (c >= 0x20) {
      out_ += static_cast<char>(c);
    } else {
      out_ += "u00";
      out_ += hex[c >> 4];
      out_ += hex[c & 15];
    }
  }
  out_ += text.substr(plain_from);
  out_ += '"';
}

}  // namespace evodb
