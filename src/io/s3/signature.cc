#include "io/s3/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "base/time.h"

namespace evodb {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view authorization_header = "Authorization";

/// "20150830T123600Z"
std::string basic_time(std::int64_t at_ms) {
  std::string text = epoch_ms_to_text(floor_div(at_ms, 1000) * 1000);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

/// Without white space around it, and runs of it as one space.
std::string single_spaced(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool is_space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_space)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

signature sign(http_request &request, const credentials &by, const signing_scope &scope, std::int64_t at_ms,
               std::string_view payload_sha256) {
  const std::string time = basic_time(at_ms);
  request.set_header("x-amz-date", time);
  if (!by.session_token.empty()) request.set_header("x-amz-security-token", by.session_token);

  std::map<std::string, std::string> headers;
  for (const auto &[name, value] : request.headers) {
    if (is_same_name(name, authorization_header)) continue;  // of an earlier signature
    const auto [at, is_new] = headers.emplace(lower_case(name), single_spaced(value));
    if (!is_new) at->second += "," + single_spaced(value);
  }
  std::string lines, names;
  for (const auto &[name, value] : headers) {
    lines += name + ":" + value + "\n";
    names += (names.empty() ? "" : ";") + name;
  }

  signature made;
  made.canonical_request = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, encoded_path(request.path),
                                       encoded_query(request.query), lines, names, payload_sha256);
  const std::string day = time.substr(0, 8);
  const std::string within = fmt::format("{}/{}/{}/aws4_request", day, scope.region, scope.service);
  made.string_to_sign = fmt::format("{}\n{}\n{}\n{}", algorithm, time, within, to_hex(sha256(made.canonical_request)));
  bytes key = hmac_sha256("AWS4" + by.secret_access_key, day);
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service), std::string_view("aws4_request")})
    key = hmac_sha256(key, part);
  made.authorization = fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, by.access_key_id,
                                   within, names, to_hex(hmac_sha256(key, made.string_to_sign)));
  request.set_header(authorization_header, made.authorization);
  return made;
}

}  // namespace evodb
