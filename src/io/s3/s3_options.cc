#include "io/s3/s3_options.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "base/text_cursor.h"
#include "http/proxy.h"
#include "http/socket_dialer.h"
#include "io/s3/profile.h"
#include "io/s3/s3_store.h"
#include "runtime/bounded_call.h"

namespace evodb {
namespace {

/// What is given, else what the environment has, else what the profile says; a profile that was asked for comes before
/// the environment.
class chosen {
 public:
  chosen(const s3_options &given, const environment_variables &variables, profile of_files)
      : variables_(variables), profile_(std::move(of_files)), prefers_profile_(given.profile.has_value()) {}

  std::optional<std::string> operator()(std::optional<std::string> given, std::initializer_list<const char *> names,
                                        const std::optional<std::string> profile::*of_profile = nullptr) const {
    if (given && !trimmed(*given).empty()) return std::string(trimmed(*given));
    std::optional<std::string> named;
    for (const char *name : names) {
      std::optional<std::string> text = variables_(name);
      if (text && !text->empty() && !named) named = std::move(text);
    }
    const std::optional<std::string> configured = of_profile == nullptr ? std::nullopt : profile_.*of_profile;
    return (prefers_profile_ && configured) || !named ? configured : named;
  }

  /// All from one place: an id and a secret of different ones would be of no use.
  credentials keys() const {
    const auto variable = [this](const char *name) { return variables_(name).value_or(""); };
    const credentials around{variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"),
                             variable("AWS_SESSION_TOKEN")};
    const credentials of_profile{profile_.access_key_id.value_or(""), profile_.secret_access_key.value_or(""),
                                 profile_.session_token.value_or("")};
    const auto is_whole = [](const credentials &one) {
      return !one.access_key_id.empty() && !one.secret_access_key.empty();
    };
    const bool is_profiles = prefers_profile_ || !is_whole(around);
    // Keys beside a role are those that may take it, and not the role's.
    const std::string &other = profile_.other_source;
    if (is_profiles && !other.empty() && (other == "role_arn" || !is_whole(of_profile)))
      fail(status::UNSUPPORTED,
           fmt::format("the profile {} gets its keys by {}, which is not done here: export them, as `aws configure "
                       "export-credentials --profile {} --format env` does, or give a callback for credentials",
                       profile_.name, other, profile_.name),
           profile_.name);
    return is_profiles && is_whole(of_profile) ? of_profile : around;
  }

 private:
  const environment_variables &variables_;
  const profile profile_;
  const bool prefers_profile_;
};

endpoint endpoint_of(const s3_options &given, std::string bucket, const chosen &choose) {
  const bool is_path_style = given.is_path_style.value_or(true);
  const auto by_account = [&](const std::string &account_id) {
    endpoint made = endpoint::of_account(account_id, trimmed(given.jurisdiction.value_or("")), bucket);
    made.is_path_style = is_path_style;
    return made;
  };
  if (given.account_id && !given.endpoint) return by_account(std::string(trimmed(*given.account_id)));
  if (const auto url = choose(given.endpoint, {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"}, &profile::endpoint_url))
    return endpoint::parse(*url, std::move(bucket), is_path_style, given.allows_http.value_or(false));
  if (const auto account_id = choose({}, {"CLOUDFLARE_ACCOUNT_ID"})) return by_account(*account_id);
  fail(status::INVALID_ARGUMENT,
       "no endpoint for the bucket: set storage.endpoint or AWS_ENDPOINT_URL_S3 to its URL (AWS: "
       "https://s3.REGION.amazonaws.com, with storage.region or AWS_REGION), or for R2 storage.account-id or "
       "CLOUDFLARE_ACCOUNT_ID; the tool takes options as --set storage.endpoint=URL",
       bucket);
}

credentials credentials_of(const s3_options &given, const chosen &choose) {
  if (given.access_key_id.has_value() != given.secret_access_key.has_value())
    fail(status::INVALID_ARGUMENT,
         "storage.access-key-id and storage.secret-access-key are given together or not at all");
  credentials by =
      given.access_key_id ? credentials{*given.access_key_id, *given.secret_access_key, ""} : choose.keys();
  if (given.session_token) by.session_token = *given.session_token;
  if (by.access_key_id.empty() != by.secret_access_key.empty())
    fail(status::INVALID_ARGUMENT, by.access_key_id.empty()
                                       ? "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not"
                                       : "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
  if (by.access_key_id.empty())
    fail(status::INVALID_ARGUMENT,
         "no credentials: set storage.access-key-id and storage.secret-access-key, or AWS_ACCESS_KEY_ID and "
         "AWS_SECRET_ACCESS_KEY, or name a profile that has them (instance metadata, containers' and web identities' "
         "are not asked)");
  return tidied(std::move(by));
}

std::string region_of(const s3_options &given, const chosen &choose) {
  std::string region = choose(given.region, {"AWS_REGION", "AWS_DEFAULT_REGION"}, &profile::region).value_or("auto");
  const bool is_name =
      region.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == region.npos;
  if (!is_name) fail(status::INVALID_ARGUMENT, fmt::format("not the name of a region: '{}'", region), region);
  return region;
}

void check_bucket(const std::string &bucket) {
  const bool is_name = bucket.size() >= 3 && bucket.size() <= 63 &&
                       bucket.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") == bucket.npos;
  if (is_name && !bucket.ends_with(".r2.cloudflarestorage.com") && !bucket.ends_with(".amazonaws.com")) return;
  const bool is_host = bucket.find('.') != bucket.npos || bucket.find(':') != bucket.npos;
  fail(
      status::INVALID_ARGUMENT,
      fmt::format("not the name of a bucket: '{}'; {}", bucket,
                  is_host ? "write s3://BUCKET/PREFIX, and give the endpoint by storage.endpoint or AWS_ENDPOINT_URL_S3"
                          : "it has 3 to 63 small letters, digits and '-'"),
      bucket);
}

/// Those with their present values, without blanks around them: the caller's environment may change later.
environment_variables copied(const environment_variables &from) {
  std::map<std::string, std::string> values;
  for (const char *name :
       {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "CLOUDFLARE_ACCOUNT_ID", "AWS_CA_BUNDLE", "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "HOME"}) {
    if (const auto value = from(name)) values.emplace(name, trimmed(*value));
  }
  return [values = std::move(values)](const char *name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

/// Reads a file, which may hang as long as the system likes.
template <typename Result>
Result read_within(std::chrono::nanoseconds limit, const char *what, std::function<Result()> read) {
  std::optional<Result> result = call_within(limit, std::move(read));
  if (!result)
    fail(status::DEADLINE_EXCEEDED,
         fmt::format("{} could not be read within {} ms", what, limit / std::chrono::milliseconds(1)));
  return *std::move(result);
}

std::chrono::nanoseconds time_of(std::optional<std::int64_t> ms, std::chrono::nanoseconds usual) {
  return ms ? std::chrono::milliseconds(*ms) : usual;
}

/// One key may have several secrets: temporary ones may each see a part of the bucket.
std::string identity_of(const endpoint &to, const credentials &by) {
  const std::string scope = to_hex(sha256(by.secret_access_key + "\n" + by.session_token));
  return fmt::format("{}{} {} {} {}", to.server.host_header(), to.path_prefix, to.bucket, by.access_key_id, scope);
}

}  // namespace

std::shared_ptr<object_store> open_bucket(std::shared_ptr<runtime> environment, std::string bucket, s3_options given,
                                          environment_variables variables) {
  check_bucket(bucket);
  const environment_variables around = copied(variables);
  http_client::limits within;
  within.connect = time_of(given.connect_timeout_ms, within.connect);
  within.exchange = time_of(given.attempt_timeout_ms, within.exchange);
  if (given.max_connections) within.connections = static_cast<std::size_t>(*given.max_connections);
  std::function<profile()> read_files = [name = given.profile, around] { return read_profile(name, around); };
  const chosen choose(given, around, read_within(within.connect, "the files of AWS's profiles", std::move(read_files)));
  s3_settings settings;
  settings.to = endpoint_of(given, std::move(bucket), choose);
  origin server = settings.to.of_bucket();
  settings.region = region_of(given, choose);
  if (given.provider && given.access_key_id)
    fail(status::INVALID_ARGUMENT, "there are both a callback for credentials and storage.access-key-id");
  if (given.provider) {
    settings.by = refreshed_credentials(environment, std::move(given.provider));
  } else {
    credentials by = credentials_of(given, choose);
    settings.identity = identity_of(settings.to, by);
    settings.by = [by = std::move(by)]() -> task<credentials> { co_return by; };
  }
  settings.retry_budget = time_of(given.retry_budget_ms, settings.retry_budget);
  std::function<std::shared_ptr<const tls_context>()> trust = [file = choose(given.ca_file, {"AWS_CA_BUNDLE"})] {
    return std::make_shared<const tls_context>(file.value_or(""));
  };
  auto tls = read_within(within.connect, "the file of certificates (storage.ca-file, AWS_CA_BUNDLE)", std::move(trust));
  find_proxy(server.host, server.port, server.is_tls, variables);  // a setting that is wrong is said so now
  auto dialling = std::make_shared<socket_dialer>(environment, std::move(tls), std::move(variables));
  auto client = std::make_shared<http_client>(environment, std::move(dialling), std::move(server), within);
  return make_s3_store(std::move(environment), std::move(client), std::move(settings));
}

}  // namespace evodb
