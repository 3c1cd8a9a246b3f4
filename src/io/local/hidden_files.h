#pragma once

#include <string>
#include <string_view>

namespace evodb {

/// The files that a local store hides beside those that it keeps, by their names: "<folder>/.<name>.lock" for
/// "<folder>/<name>", a path or a key.

std::string lock_key_of(const std::string &key);      ///< of the lock of its replacements
std::string checksum_key_of(const std::string &key);  ///< of Hadoop's checksum

}  // namespace evodb
