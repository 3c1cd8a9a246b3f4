#pragma once

#include "api.h"

namespace tool {

/// Prints what a diagnosis found; exits with status 1 if something is not ok.
void print_checks(const checks_handle &checks, bool as_json);

}  // namespace tool
