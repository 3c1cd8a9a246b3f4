#pragma once

#include <optional>
#include <string>

#include "base/environment_variables.h"

namespace evodb {

/// What the files of AWS's tools say under one name: ~/.aws/credentials (or AWS_SHARED_CREDENTIALS_FILE) and ~/.aws/config
/// (or AWS_CONFIG_FILE), read as those tools read them.
struct profile {
  std::string name;
  std::optional<std::string> access_key_id, secret_access_key, session_token, region, endpoint_url;
  std::string other_source;  ///< the setting by which other tools would get keys ("sso_session"); empty: none
};

/// `name`: as the caller chose it; otherwise AWS_PROFILE or AWS_DEFAULT_PROFILE, otherwise "default", which need not be
/// there. Throws INVALID_ARGUMENT naming a profile that is in neither file, and a line that is none of such a file's.
/// Blocks as long as the files do.
profile read_profile(const std::optional<std::string> &name, const environment_variables &variables);

}  // namespace evodb
