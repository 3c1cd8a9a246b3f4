#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/http_request.h"
#include "io/s3/credentials.h"

namespace evodb {

struct signing_scope {
  std::string region = "auto";
  std::string service = "s3";
};

/// The three texts of AWS Signature Version 4, each made of the one before.
struct signature {
  std::string canonical_request;
  std::string string_to_sign;
  std::string authorization;  ///< the value of the header
};

/// Adds x-amz-date, x-amz-security-token and Authorization for a request that has all its other headers. `at_ms`: the
/// time that the store shall see, epoch milliseconds. `payload_sha256`: in hex, or "UNSIGNED-PAYLOAD".
signature sign(http_request &request, const credentials &by, const signing_scope &scope, std::int64_t at_ms,
               std::string_view payload_sha256);

}  // namespace evodb
