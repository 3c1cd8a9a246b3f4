#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "simulation/bucket.h"
#include "simulation/ledger.h"

namespace evodb::simulation {

/// Judges a history by what the store ever created and what was reported to callers: each version made once, each on
/// the one before; what was reported as committed is there once, what was reported as not committed is not, the rest at
/// most once; all that the newest version refers to can be read; the hint is not ahead.
/// Adds to `counts` what it saw.
std::vector<std::string> judge(const bucket &store, const ledger &told, std::map<std::string, std::int64_t> &counts);

}  // namespace evodb::simulation
