#pragma once

#include "base/location.h"
#include "diagnosis/health_check.h"
#include "io/probe/write_probe.h"

namespace evodb {

/// The results of a probe of writes, as checks: "write", "if-none-match", "if-match" and, where it is known, "clock".
/// `at` is the object that was made to try the store.
health_checks checks_of(const write_probe &probe, const location &at);

}  // namespace evodb
