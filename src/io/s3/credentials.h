#pragma once

#include <functional>
#include <string>

#include "runtime/task.h"

namespace evodb {

/// Who sends a request. Never written to a log, an error or anything else that is read.
struct credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  ///< empty: none
};

/// Gives credentials that are good now; may refresh them. Throws ACCESS_DENIED where there are none.
using credentials_source = std::function<task<credentials>()>;

/// The same without blanks and line feeds around them, which variables and files get easily. Throws INVALID_ARGUMENT, and
/// does not repeat them, where others are inside, or quotes.
credentials tidied(credentials given);

}  // namespace evodb
