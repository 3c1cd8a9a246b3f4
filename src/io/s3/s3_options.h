#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/environment_variables.h"
#include "io/object_store.h"
#include "io/s3/refreshed_credentials.h"

namespace evodb {

/// What a caller says of a bucket. What is left out comes from the environment, by the names that other tools for S3 use.
struct s3_options {
  std::optional<std::string>
      profile;  ///< AWS_PROFILE, AWS_DEFAULT_PROFILE; of the files of AWS's tools, see read_profile
  std::optional<std::string> endpoint;           ///< AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL
  std::optional<std::string> account_id;         ///< of Cloudflare, in place of an endpoint: CLOUDFLARE_ACCOUNT_ID
  std::optional<std::string> jurisdiction;       ///< "eu", "fedramp", …
  std::optional<std::string> region;             ///< AWS_REGION, AWS_DEFAULT_REGION; "auto"
  std::optional<std::string> access_key_id;      ///< AWS_ACCESS_KEY_ID
  std::optional<std::string> secret_access_key;  ///< AWS_SECRET_ACCESS_KEY
  std::optional<std::string> session_token;      ///< AWS_SESSION_TOKEN
  credentials_provider provider;                 ///< in place of the three above
  std::optional<std::string> ca_file;            ///< AWS_CA_BUNDLE; the system's certificates
  std::optional<bool> is_path_style;             ///< true
  std::optional<bool> allows_http;               ///< false: plain http to this machine alone
  std::optional<std::int64_t> max_connections;
  std::optional<std::int64_t> connect_timeout_ms;
  std::optional<std::int64_t> attempt_timeout_ms;
  std::optional<std::int64_t> retry_budget_ms;
};

/// Opens a bucket without any request. Blanks and line feeds around texts do not count. Throws INVALID_ARGUMENT naming what
/// is missing or wrong, UNSUPPORTED where a profile gets its keys in a way that is not done here, and DEADLINE_EXCEEDED
/// where the profile's or the certificates' file cannot be read within the time for a connection.
std::shared_ptr<object_store> open_bucket(std::shared_ptr<runtime> environment, std::string bucket, s3_options given,
                                          environment_variables variables);

}  // namespace evodb
