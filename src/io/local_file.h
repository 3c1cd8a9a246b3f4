#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

#include "io/object_store.h"

namespace evodb {

/// Reading files as objects; `path` is absolute. The calls block, give null when there is no such file, and throw
/// INVALID_ARGUMENT when something else than a file is there, otherwise as system_failure says.
std::optional<object> read_file(const std::string &path, byte_range range);
std::optional<object_meta> look_at_file(const std::string &path);

object_meta describe_file(std::string key, const struct stat &about);

}  // namespace evodb
