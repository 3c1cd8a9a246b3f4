#include "http/http_request.h"

#include <algorithm>
#include <charconv>

namespace evodb {
namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_unreserved(char c) noexcept {
  const char l = lower(c);
  return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string encoded(std::string_view text, bool keeps_slashes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    if (is_unreserved(c) || (keeps_slashes && c == '/')) {
      out += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    out += '%';
    out += digits[octet >> 4];
    out += digits[octet & 15];
  }
  return out;
}

}  // namespace

bool is_same_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

void http_request::set_header(std::string_view name, std::string value) {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto &h) { return is_same_name(h.first, name); });
  if (found == headers.end())
    headers.emplace_back(name, std::move(value));
  else
    found->second = std::move(value);
}

const std::string *http_request::header(std::string_view name) const noexcept {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto &h) { return is_same_name(h.first, name); });
  return found == headers.end() ? nullptr : &found->second;
}

std::string encoded_path(std::string_view path) {
  return encoded(path, true);
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    unsigned octet = 0;
    const char *const end = text.data() + i + 3;
    const auto [stop, failed] = std::from_chars(end - 2, end, octet, 16);
    if (failed != std::errc() || stop != end) return std::nullopt;
    out += static_cast<char>(octet);
    i += 2;
  }
  return out;
}

std::string encoded_query(const std::vector<name_value> &query) {
  std::vector<name_value> pairs;
  pairs.reserve(query.size());
  for (const auto &[name, value] : query) pairs.emplace_back(encoded(name, false), encoded(value, false));
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto &[name, value] : pairs) {
    if (!out.empty()) out += '&';
    out += name + "=" + value;
  }
  return out;
}

}  // namespace evodb
