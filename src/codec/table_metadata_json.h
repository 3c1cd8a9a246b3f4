#pragma once

#include <string_view>

#include "base/bytes.h"
#include "model/table_metadata.h"

namespace evodb {

/// Which attempt to commit wrote a body. Our own key: other writers drop it, so it never speaks of a body that is not
/// ours.
inline constexpr std::string_view commit_attempt_key = "evodb.attempt";
inline constexpr std::string_view commit_waited_key = "evodb.waited";

/// Reads the content of a metadata file, format versions 1 to 3, and checks that it does not contradict itself. Unknown
/// keys are ignored. Throws CORRUPT naming the subject and the JSON path, UNSUPPORTED for a newer format version.
table_metadata read_table_metadata(byte_view json, std::string_view subject);

/// The same metadata always gives the same bytes.
bytes write_table_metadata(const table_metadata &metadata);

}  // namespace evodb
