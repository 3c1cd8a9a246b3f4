#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/http_exchange.h"
#include "io/s3/s3_responses.h"

namespace evodb {

/// What answers mean that report no success. The store's own code decides where there is one, whatever the status;
/// others on the way answer without a code.

/// Whether the same request may have more success later.
bool may_pass(const http_answer &answer, const refusal &said) noexcept;
/// The same, of a code that stands within an answer of status 200.
bool may_pass(std::string_view code) noexcept;

/// Whether this answer to the first and only copy of a write proves that it never takes effect. A signature that is too
/// old and a connection that ended too early may be those of a second copy, and an answer without a code may be that of
/// another server, given after the store's.
bool is_final(const http_answer &answer, const refusal &said) noexcept;

/// Whether the store does not accept the key, as far as its code says. In outages stores answer so to keys that are
/// good.
bool is_about_key(const http_answer &answer, const refusal &said) noexcept;

/// By which a store's support finds the request; null where the answer has none.
const std::string *request_id_of(const http_answer &answer) noexcept;

/// What was asked, as far as the way out depends on it.
struct refused_request {
  enum class kind { read, list, write };
  kind what = kind::read;
  std::string host, bucket, region;
  std::string location;     ///< of the object or folder
  std::int64_t now_ms = 0;  ///< by this machine's clock
};

/// The refusal as an error: what the store says, and where it is known, what to do about it. It never holds what was
/// signed, or with what; texts of the answer are cut, and have no control characters.
error refusal_error(const refused_request &what, const http_answer &answer);

/// As refusal_error, of an answer that is not what a success looks like: `why` says what it lacks.
error unproved_error(const refused_request &what, const http_answer &answer, std::string_view why);

}  // namespace evodb
