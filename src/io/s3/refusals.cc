#include "io/s3/refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>

#include "base/text_cursor.h"
#include "base/time.h"
#include "base/utf8.h"
#include "http/http_date.h"

namespace evodb {
namespace {

using asked = refused_request::kind;

constexpr std::int64_t longest_retry_after_s = 24 * 3600;  ///< more counts as a day
constexpr std::size_t longest_title = 80;
constexpr std::int64_t noticeable_skew_ms = 60'000;

constexpr std::array<std::string_view, 15> passing_codes{"SlowDown",
                                                         "InternalError",
                                                         "ServiceUnavailable",
                                                         "RequestTimeout",
                                                         "RequestTimeoutException",
                                                         "TooManyRequests",
                                                         "Throttling",
                                                         "ThrottlingException",
                                                         "RequestThrottled",
                                                         "RequestLimitExceeded",
                                                         "BandwidthLimitExceeded",
                                                         "OperationAborted",
                                                         "ConditionalRequestConflict",
                                                         "ClientDisconnect",
                                                         "IncompleteBody"};
constexpr std::array<std::string_view, 4> doubtful_codes{"RequestTimeTooSkewed", "ExpiredRequest",
                                                         "SignatureDoesNotMatch", "ObjectLockedByBucketPolicy"};
constexpr std::array<std::string_view, 5> codes_of_keys{"InvalidAccessKeyId", "Unauthorized", "SignatureDoesNotMatch",
                                                        "XAdminUserNotFound", "InvalidSecurity"};
constexpr std::array<std::string_view, 3> codes_of_tokens{"InvalidToken", "ExpiredToken", "TokenRefreshRequired"};

template <std::size_t N>
bool is_among(const std::array<std::string_view, N> &codes, std::string_view code) noexcept {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool is_about_token(const refusal &said) noexcept {
  return is_among(codes_of_tokens, said.code) ||
         (said.code == "InvalidArgument" && said.message.starts_with("X-Amz-Security-Token"));
}

bool is_redirect(const http_answer &answer) noexcept {
  return answer.status / 100 == 3 && answer.status != 304;
}

status code_of(const http_answer &answer, const refusal &said) noexcept {
  if (is_among(passing_codes, said.code)) return status::STORAGE_UNAVAILABLE;
  if (answer.status == 401 || answer.status == 403 || is_among(codes_of_keys, said.code) || is_about_token(said))
    return status::ACCESS_DENIED;
  if (answer.status == 404) return said.code.starts_with("NoSuch") ? status::NOT_FOUND : status::STORAGE_UNAVAILABLE;
  if (answer.status == 501) return status::UNSUPPORTED;
  const bool is_elsewhere = is_redirect(answer) && (said.code == "PermanentRedirect" || !said.endpoint.empty());
  const bool is_refused = answer.status / 100 == 4 && answer.status != 429 && answer.status != 408;
  return is_elsewhere || is_refused ? status::INVALID_ARGUMENT : status::STORAGE_UNAVAILABLE;
}

/// What a page says of itself; empty where it has no title.
std::string title_of(byte_view body) {
  const std::size_t begin = body.find("<title>");
  const std::size_t end = begin == body.npos ? body.npos : body.find("</title>", begin);
  if (end == body.npos) return {};
  return printable(trimmed(body.substr(begin + 7, end - begin - 7)), longest_title);
}

/// Where a page sends its reader, without what may be a secret.
std::string host_of(std::string_view url) {
  const std::size_t begin = url.find("://");
  if (begin == url.npos) return {};
  const std::string_view rest = url.substr(begin + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  return authority.find('@') == authority.npos ? printable(authority, longest_title) : std::string();
}

/// What kind of answer it is that no store gives.
std::string no_store(const http_answer &answer) {
  if (answer.status == 400 && answer.body.find("HTTPS") != answer.body.npos)
    return "the server wants TLS: is the endpoint one of https://?";
  std::string seen;
  if (const std::string title = title_of(answer.body); !title.empty()) seen = fmt::format(" but a page '{}'", title);
  if (const std::string *to = answer.header("location"); to != nullptr && !host_of(*to).empty())
    seen += fmt::format(", sent on to {}", host_of(*to));
  return fmt::format(
      "this is no answer of an S3 store{}: check the endpoint (storage.endpoint, AWS_ENDPOINT_URL_S3), and what stands "
      "between, such as a proxy or a login page",
      seen);
}

std::string region_of(const http_answer &answer, const refusal &said) {
  if (!said.region.empty()) return said.region;
  const std::string *header = answer.header("x-amz-bucket-region");
  return header == nullptr ? std::string() : printable(*header, longest_title);
}

/// Where the bucket is reached, and with which region; empty where the answer does not say.
std::string way_to_bucket(const refused_request &what, const http_answer &answer, const refusal &said) {
  std::string way;
  std::string_view host = said.endpoint;
  if (host.starts_with(what.bucket + ".")) host.remove_prefix(what.bucket.size() + 1);
  if (!host.empty() && host != what.host)
    way = fmt::format("the bucket is reached at https://{} (storage.endpoint, AWS_ENDPOINT_URL_S3)", host);
  const std::string region = region_of(answer, said);
  if (!region.empty() && region != what.region)
    way += fmt::format("{}its region is {}, not {} (storage.region, AWS_REGION)", way.empty() ? "" : ", and ", region,
                       what.region);
  return way;
}

std::string skew(const refused_request &what, const http_answer &answer) {
  const std::string here = epoch_ms_to_text(what.now_ms / 1000 * 1000);
  const std::string *date = answer.header("date");
  const std::optional<std::int64_t> there = date == nullptr ? std::nullopt : read_http_date(*date);
  if (!there || std::abs(*there - what.now_ms) < noticeable_skew_ms)
    return fmt::format("this machine's clock says {}: see that it is right", here);
  return fmt::format("this machine's clock says {}, and the store's {}: set the one that is wrong", here,
                     epoch_ms_to_text(*there));
}

std::string denied(const refused_request &what) {
  switch (what.what) {
    case asked::write:
      return "the key may not write here: is it for reading alone, or for another bucket or prefix?";
    case asked::list:
      return "the key may not list the bucket (s3:ListBucket), which this library has to";
    case asked::read:
      break;
  }
  return "the key may not read it; or there is no such object, and the key has no right to list the bucket "
         "(s3:ListBucket), without which stores say this of every object that does not exist: give it that right";
}

/// The way out; empty where none is known.
std::string advice(const refused_request &what, const http_answer &answer, const refusal &said) {
  if (is_about_key(answer, said))
    return "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or what is given in their place, and that they are of "
           "this endpoint's account; in outages stores answer so to good keys, too";
  if (is_about_token(said) || said.code == "ExpiredRequest")
    return "temporary credentials end: make new ones, and give all three parts of them (AWS_ACCESS_KEY_ID, "
           "AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)";
  if (said.code == "RequestTimeTooSkewed") return skew(what, answer);
  if (std::string way = way_to_bucket(what, answer, said); !way.empty()) return way;
  if (said.code == "NoSuchBucket")
    return fmt::format(
        "there is no bucket {} at {}: check its name, and that the endpoint is that of its account{}", what.bucket,
        what.host, what.host.ends_with("r2.cloudflarestorage.com") ? " and jurisdiction (storage.jurisdiction)" : "");
  if (said.code == "InvalidRegionName" || said.code == "AuthorizationHeaderMalformed")
    return fmt::format("the region is {}: set storage.region or AWS_REGION to the bucket's (R2: auto)", what.region);
  if (said.code == "NotEntitled") return "is R2 enabled for the account?";
  if (said.code == "AccessDenied") return denied(what);
  if (answer.status == 407)
    return "a proxy wants a user and a password: write them into https_proxy as http://USER:PASSWORD@HOST:PORT";
  if (said.code.empty() && answer.status / 100 != 5 && answer.status != 429) return no_store(answer);
  return {};
}

error made(status code, std::string message, const refused_request &what, const http_answer &answer) {
  error with(code, std::move(message), what.location);
  with.store.http_status = answer.status;
  if (const std::string *id = request_id_of(answer)) with.store.request_id = with_escapes(*id);
  if (const std::string *after = answer.header("retry-after")) {
    std::int64_t wait_s = 0;
    const auto [end, failed] = std::from_chars(after->data(), after->data() + after->size(), wait_s);
    if (failed == std::errc() && end == after->data() + after->size() && wait_s >= 0)
      with.store.retry_after_ms = std::min(wait_s, longest_retry_after_s) * 1000;
  }
  return with;
}

}  // namespace

const std::string *request_id_of(const http_answer &answer) noexcept {
  const std::string *id = answer.header("cf-ray");
  return id != nullptr ? id : answer.header("x-amz-request-id");
}

bool may_pass(std::string_view code) noexcept {
  return is_among(passing_codes, code);
}

bool may_pass(const http_answer &answer, const refusal &said) noexcept {
  if (may_pass(said.code)) return true;
  const bool may_recover = answer.status / 100 == 5 && answer.status != 501;  // what a store never does
  return answer.status == 408 || answer.status == 409 || answer.status == 429 || may_recover;
}

bool is_final(const http_answer &answer, const refusal &said) noexcept {
  return answer.status / 100 == 4 && !said.code.empty() && !may_pass(answer, said) &&
         !is_among(doubtful_codes, said.code);
}

bool is_about_key(const http_answer &answer, const refusal &said) noexcept {
  return answer.status / 100 == 4 && is_among(codes_of_keys, said.code);
}

error refusal_error(const refused_request &what, const http_answer &answer) {
  const refusal said = read_refusal(answer.body);
  std::string message =
      fmt::format("{} answered {} {}", what.host, answer.status, said.code.empty() ? "without a code" : said.code);
  if (!said.message.empty()) message += ": " + said.message;
  if (const std::string out = advice(what, answer, said); !out.empty()) {
    while (message.ends_with('.')) message.pop_back();
    message += "; " + out;
  }
  error refused = made(code_of(answer, said), std::move(message), what, answer);
  refused.store.code = with_escapes(said.code);
  return refused;
}

error unproved_error(const refused_request &what, const http_answer &answer, std::string_view why) {
  return made(status::STORAGE_UNAVAILABLE,
              fmt::format("{} answered {}, but {}: {}", what.host, answer.status, why, no_store(answer)), what, answer);
}

}  // namespace evodb
