#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "simulation/network.h"
#include "simulation/writer.h"

namespace evodb::simulation {

/// What one simulated history is made of.
struct history_plan {
  std::uint64_t seed = 0;
  int writers = 4;
  int commits_each = 20;
  std::chrono::nanoseconds longest_pause = std::chrono::seconds(10);
  change_shares shares;
  misfortunes rates;
  double crash = 0;  ///< at each step of the world, of some process
  double stall = 0;
  std::chrono::milliseconds worst_clock_error{0};
  bool limits_writes = false;
  int keyed_applications = 0;  ///< each with two writers
  int keyed_commits_each = 20;
  int max_snapshots = 0;    ///< beyond which commits expire them; 0: none
  int cleaning_rounds = 0;  ///< how often old versions are cleaned away
  int sweeping_rounds = 0;  ///< how often orphans are removed
  int reading_rounds = 0;
  bool tells_the_story = false;

  /// Everything that a seed decides, all misfortunes together.
  static history_plan of_seed(std::uint64_t seed);
};

struct history_result {
  /// What the oracle found wrong; empty when nothing was.
  std::vector<std::string> violations;
  std::map<std::string, std::int64_t> counts;  ///< commits, versions, misfortunes that were delivered …
  std::vector<std::string> story;
};

history_result run(const history_plan &plan);

}  // namespace evodb::simulation
