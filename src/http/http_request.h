#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace evodb {

using name_value = std::pair<std::string, std::string>;

/// A request before it is on the wire. Path and query hold the names themselves; both the wire and a signature have
/// them percent-encoded by the two functions below, so that they cannot differ.
struct http_request {
  std::string method;
  std::string path = "/";  ///< not encoded
  std::vector<name_value> query;
  std::vector<name_value> headers;
  std::shared_ptr<const bytes> body;

  void set_header(std::string_view name, std::string value);  ///< in place of one of that name, ignoring case
  const std::string *header(std::string_view name) const noexcept;
};

/// Everything but unreserved characters and "/" as %XX, once; nothing is normalised (AWS Signature Version 4, S3).
std::string encoded_path(std::string_view path);
/// "a=1&b=", sorted, so that one query has one form to sign; no name is without "=".
std::string encoded_query(const std::vector<name_value> &query);

/// The text behind %XX; null where that is malformed.
std::optional<std::string> decoded(std::string_view text);

/// Names of headers and hosts, compared as HTTP does.
bool is_same_name(std::string_view a, std::string_view b) noexcept;

}  // namespace evodb
