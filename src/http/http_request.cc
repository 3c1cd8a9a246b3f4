#include "http/http_request.h"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace evodb {
namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr auto in_paths = boost::urls::unreserved_chars + '/';

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
  return boost::urls::encode(path, in_paths);
}

std::optional<std::string> decoded(std::string_view text) {
  const auto checked = boost::urls::make_pct_string_view(text);
  return checked ? std::optional(checked->decode()) : std::nullopt;
}

std::string encoded_query(const std::vector<name_value> &query) {
  std::vector<name_value> pairs;
  pairs.reserve(query.size());
  for (const auto &[name, value] : query)
    pairs.emplace_back(boost::urls::encode(name, boost::urls::unreserved_chars),
                       boost::urls::encode(value, boost::urls::unreserved_chars));
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto &[name, value] : pairs) {
    if (!out.empty()) out += '&';
    out += name + "=" + value;
  }
  return out;
}

}  // namespace evodb
