#pragma once

#include <functional>
#include <optional>
#include <string>

namespace evodb {

/// What an environment variable holds; null if it is not set.
using environment_variables = std::function<std::optional<std::string>(const char *name)>;

}  // namespace evodb
