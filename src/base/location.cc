#include "base/location.h"

#include <fmt/format.h>

#include <vector>

#include "base/error.h"

namespace evodb {
namespace {

[[noreturn]] void fail_location(std::string_view problem, std::string_view text) {
  fail(status::INVALID_ARGUMENT, fmt::format("{}: '{}'", problem, text), std::string(text));
}

/// The scheme of "scheme://…" and of "file:…"; empty for a plain path, which may hold colons.
std::string_view scheme_of(std::string_view text) noexcept {
  const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
  if (end == 0 || end == std::string_view::npos || text[end] != ':') return {};
  const std::string_view scheme = text.substr(0, end);
  return scheme == "file" || text.substr(end, 3) == "://" ? scheme : std::string_view();
}

template <typename F>
void for_each_segment(std::string_view key, F &&visit) {
  while (true) {
    const std::size_t slash = key.find('/');
    visit(key.substr(0, slash));
    if (slash == std::string_view::npos) return;
    key.remove_prefix(slash + 1);
  }
}

void check_no_zero_byte(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) fail_location("location holds a zero byte", text);
}

location parse_uri(std::string_view text, std::string_view scheme) {
  const std::string_view rest = text.substr(scheme.size() + 3);
  const std::size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  if (authority.empty()) fail_location("location names no bucket", text);
  const std::string_view key = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return {scheme == "memory" ? "memory" : "s3", std::string(authority), std::string(key)};
}

location parse_file_uri(std::string_view text) {
  std::string_view path = text.substr(5);
  if (path.starts_with("//")) path.remove_prefix(2);
  if (path.starts_with("localhost/")) path.remove_prefix(9);
  if (!path.starts_with('/')) fail_location("file location is not of the form file:///folder", text);
  return {"file", {}, std::string(path.substr(1))};
}

location parse_path(std::string_view text, std::string_view working_folder) {
  std::string path(text);
  if (!text.starts_with('/')) {
    if (!working_folder.starts_with('/')) fail_location("relative path without a folder to start from", text);
    path = fmt::format("{}/{}", working_folder, text);
  }
  std::vector<std::string_view> segments;
  for_each_segment(path, [&](std::string_view segment) {
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  });
  return {"file", {}, fmt::format("{}", fmt::join(segments, "/"))};
}

}  // namespace

std::string location::to_text() const {
  return fmt::format("{}://{}/{}", scheme, authority, key);
}

location location::parse(std::string_view text, std::string_view working_folder) {
  if (text.empty()) fail_location("location is empty", text);
  check_no_zero_byte(text);
  const std::string_view scheme = scheme_of(text);
  if (scheme.empty()) return parse_path(text, working_folder);
  if (scheme == "file") return parse_file_uri(text);
  // s3a and s3n are Hadoop's names of its S3 clients: tables that Spark wrote carry them in their metadata.
  for (const std::string_view known : {"s3", "r2", "s3a", "s3n", "memory"}) {
    if (scheme == known) return parse_uri(text, scheme);
  }
  if (scheme == "https" || scheme == "http")
    fail_location(
        "a bucket's location is s3://BUCKET/PREFIX; where it is reached is a setting (storage.endpoint, "
        "AWS_ENDPOINT_URL_S3)",
        text);
  fail_location("location has an unknown scheme", text);
}

location location::child(std::string_view name) const {
  const char *separator = key.empty() || key.ends_with('/') ? "" : "/";
  return {scheme, authority, fmt::format("{}{}{}", key, separator, name)};
}

bool location::contains(const location &other) const {
  if (other.scheme != scheme || other.authority != authority) return false;
  bool stays_below = true;
  for_each_segment(other.key, [&](std::string_view segment) { stays_below &= segment != "." && segment != ".."; });
  if (!stays_below || !std::string_view(other.key).starts_with(key)) return false;
  return key.empty() || key.ends_with('/') || other.key.size() == key.size() || other.key[key.size()] == '/';
}

location resolve(const location &base, std::string_view path) {
  const bool is_absolute = !scheme_of(path).empty() || (base.scheme == "file" && path.starts_with('/'));
  if (path.empty() || is_absolute) return location::parse(path);
  if (path.starts_with('/'))
    fail_location("path in a bucket begins with '/': give it relative, or with its scheme", path);
  check_no_zero_byte(path);
  return base.child(path);
}

}  // namespace evodb
