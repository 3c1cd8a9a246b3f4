#include "io/s3/endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "http/http_url.h"

namespace evodb {
namespace {

constexpr std::string_view cloudflare_domain = ".r2.cloudflarestorage.com";

[[noreturn]] void refuse(std::string_view url, std::string_view why) {
  fail(status::INVALID_ARGUMENT, fmt::format("the endpoint {}: {}", why, url), std::string(url));
}

/// One label of a host's name.
void check_label(std::string_view what, std::string_view text) {
  const bool is_label = !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!is_label) fail(status::INVALID_ARGUMENT, fmt::format("not {}: '{}'", what, text), std::string(text));
}

}  // namespace

endpoint endpoint::parse(std::string_view url, std::string bucket, bool is_path_style, bool allows_http) {
  endpoint made;
  made.bucket = std::move(bucket);
  made.is_path_style = is_path_style;
  http_url read = http_url::parse("the endpoint", url);
  made.server = std::move(read.server);
  made.path_prefix = std::move(read.path);
  const bool is_cloudflares = made.server.host.ends_with(cloudflare_domain);
  // As Cloudflare's dashboard shows it. The bucket's name would become part of every key.
  if (!made.bucket.empty() &&
      (made.path_prefix == "/" + made.bucket || (is_cloudflares && made.server.host.starts_with(made.bucket + "."))))
    refuse(url, "names the bucket: leave it out, the table's location names it");
  if (is_cloudflares && !made.path_prefix.empty()) refuse(url, "has a path, which R2's do not have");
  if (!made.server.is_tls && !allows_http && !is_loopback(made.server.host))
    refuse(url, "is not encrypted (storage.allow-http permits it)");
  return made;
}

endpoint endpoint::of_account(std::string_view account_id, std::string_view jurisdiction, std::string bucket) {
  check_label("an account id", account_id);
  endpoint made;
  made.bucket = std::move(bucket);
  made.server.host = account_id;
  if (!jurisdiction.empty()) {
    check_label("a jurisdiction", jurisdiction);
    made.server.host += fmt::format(".{}", jurisdiction);
  }
  made.server.host += cloudflare_domain;
  return made;
}

bool endpoint::is_cloudflares() const noexcept {
  return server.is_tls && server.host.ends_with(cloudflare_domain);
}

origin endpoint::of_bucket() const {
  origin made = server;
  if (!is_path_style) made.host = bucket + "." + made.host;
  return made;
}

std::string endpoint::path_of(std::string_view key) const {
  std::string path = path_prefix;
  if (is_path_style) path += "/" + bucket;
  if (!key.empty() || path.empty()) path += fmt::format("/{}", key);
  return path;
}

}  // namespace evodb
