#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace evodb {

enum class status : std::int32_t {
  ok = 0,
#define EVODB_STATUS(NAME, number, retryable, may_have_committed, text) NAME = number,
#include "base/error_codes.def"
#undef EVODB_STATUS
};

/// The name that people match on, such as "NOT_FOUND"; "UNKNOWN" for a number that is no status.
const char *name_of(status code) noexcept;
bool is_retryable(status code) noexcept;
bool may_have_committed(status code) noexcept;
/// When it is given, in one sentence.
const char *description_of(status code) noexcept;

/// A failure. Inside the library failures are exceptions and expected outcomes are values.
/// The message is one line: what is wrong, with the static part first and the values last. `subject` names the object,
/// file, column or key it concerns, and is empty where the message says it all.
class error : public std::exception {
 public:
  /// Message and subject become UTF-8, for they may quote bytes that are not: with_escapes.
  error(status code, std::string message, std::string subject = {});

  status code() const noexcept { return code_; }
  const char *what() const noexcept override { return message_.c_str(); }
  const std::string &message() const noexcept { return message_; }
  const std::string &subject() const noexcept { return subject_; }

  /// What an HTTP store said, where one was asked.
  struct store_answer {
    std::int32_t http_status = 0;  ///< 0: none
    std::string code;              ///< the store's own error code, such as "SlowDown"
    std::string request_id;
    std::int64_t retry_after_ms = -1;  ///< -1: the store did not say
  };
  store_answer store;
  std::string commit_token;  ///< only with COMMIT_STATE_UNKNOWN

 private:
  status code_;
  std::string message_;
  std::string subject_;
};

/// Any failure as one of ours. Exceptions that are not come from below: no memory, or a defect.
error error_of(std::exception_ptr failure);

[[noreturn]] inline void fail(status code, std::string message, std::string subject = {}) {
  throw error(code, std::move(message), std::move(subject));
}

}  // namespace evodb
