#include "io/s3/endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"

namespace evodb {
namespace {

constexpr std::string_view cloudflare_domain = ".r2.cloudflarestorage.com";

bool ends_url(char c) noexcept {
  return c == '?' || c == '#' || c == '\x7f' || static_cast<unsigned char>(c) <= ' ';
}

/// Without what may be a secret: a user, a query.
std::string shown(std::string_view url) {
  const std::size_t host = url.rfind('@');
  if (host != url.npos) url.remove_prefix(host + 1);
  return std::string(url.begin(), std::find_if(url.begin(), url.end(), ends_url));
}

[[noreturn]] void refuse(std::string_view url, std::string_view why) {
  fail(status::INVALID_ARGUMENT, fmt::format("the endpoint {}: {}", why, shown(url)), shown(url));
}

/// One label of a host's name.
void check_label(std::string_view what, std::string_view text) {
  const bool is_label = !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!is_label) fail(status::INVALID_ARGUMENT, fmt::format("not {}: '{}'", what, text), std::string(text));
}

}  // namespace

bool is_loopback(std::string_view host) noexcept {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

endpoint endpoint::parse(std::string_view url, std::string bucket, bool is_path_style, bool allows_http) {
  endpoint made;
  made.bucket = std::move(bucket);
  made.is_path_style = is_path_style;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
    made.is_tls = false;
    made.port = 80;
  } else if (rest.starts_with('"') || rest.starts_with('\'')) {
    refuse(url, "has quotes around it, which are no part of it");
  } else if (rest.find("://") == rest.npos) {
    refuse(url, "has no scheme, such as https://");
  } else {
    refuse(url, "is no https:// or http:// URL");
  }
  // What ends a line would also end the Host header's, or a proxy's CONNECT.
  if (rest.find('@') != rest.npos || std::any_of(rest.begin(), rest.end(), ends_url))
    refuse(url, "has a user, a query, a space or a control character");
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  made.path_prefix = rest.substr(slash);
  while (made.path_prefix.ends_with('/')) made.path_prefix.pop_back();
  std::size_t colon = authority.rfind(':');
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    if (bracket == authority.npos) refuse(url, "has an address without its bracket");
    made.host = authority.substr(1, bracket - 1);
    colon = bracket + 1 < authority.size() ? bracket + 1 : authority.npos;
  } else {
    made.host = authority.substr(0, colon);
  }
  if (made.host.empty()) refuse(url, "has no host");
  if (made.host.find_first_of(authority.starts_with('[') ? "[]" : "[]:") != made.host.npos)
    refuse(url, "has an address that is not in brackets");
  if (colon != authority.npos) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), made.port);
    const bool is_port =
        authority[colon] == ':' && failed == std::errc() && end == digits.data() + digits.size() && made.port != 0;
    if (!is_port) refuse(url, "has a port that is none");
  }
  const bool is_cloudflares = made.host.ends_with(cloudflare_domain);
  // As Cloudflare's dashboard shows it. The bucket's name would become part of every key.
  if (!made.bucket.empty() &&
      (made.path_prefix == "/" + made.bucket || (is_cloudflares && made.host.starts_with(made.bucket + "."))))
    refuse(url, "names the bucket: leave it out, the table's location names it");
  if (is_cloudflares && !made.path_prefix.empty()) refuse(url, "has a path, which R2's do not have");
  if (!made.is_tls && !allows_http && !is_loopback(made.host))
    refuse(url, "is not encrypted (storage.allow-http permits it)");
  return made;
}

endpoint endpoint::of_account(std::string_view account_id, std::string_view jurisdiction, std::string bucket) {
  check_label("an account id", account_id);
  endpoint made;
  made.bucket = std::move(bucket);
  made.host = account_id;
  if (!jurisdiction.empty()) {
    check_label("a jurisdiction", jurisdiction);
    made.host += fmt::format(".{}", jurisdiction);
  }
  made.host += cloudflare_domain;
  return made;
}

bool endpoint::is_cloudflares() const noexcept {
  return is_tls && host.ends_with(cloudflare_domain);
}

std::string endpoint::server_name() const {
  return is_path_style ? host : bucket + "." + host;
}

std::string endpoint::host_header() const {
  std::string text = server_name();
  if (text.find(':') != text.npos) text = "[" + text + "]";
  const bool is_usual = port == (is_tls ? 443 : 80);
  return is_usual ? text : fmt::format("{}:{}", text, port);
}

std::string endpoint::path_of(std::string_view key) const {
  std::string path = path_prefix;
  if (is_path_style) path += "/" + bucket;
  if (!key.empty() || path.empty()) path += fmt::format("/{}", key);
  return path;
}

}  // namespace evodb
