#pragma once

#include "api.h"

namespace tool {

/// Prints the checks of a diagnosis; exits with status 1 if one is not ok.
void print_checks(const checks_handle &checks, bool as_json);

}  // namespace tool
