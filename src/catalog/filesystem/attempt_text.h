#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace evodb {

/// An attempt as text, as it is in commit tokens: "<version>.<attempt id>.<time of the first signature>".
struct attempt_text {
  std::int64_t version = 0;  ///< whose slot the body was for; from 1
  std::string id;            ///< a uuid
  std::int64_t first_signed_ms = 0;

  std::string to_text() const;
  /// Throws INVALID_ARGUMENT.
  static attempt_text parse(std::string_view text);
};

}  // namespace evodb
