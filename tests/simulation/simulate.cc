// Repeats simulated histories.
//   simulate SEED            tells the story of one history and what is wrong with it
//   simulate FIRST LAST      runs the seeds from FIRST to LAST, and names those that fail
#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include "simulation/history.h"

using namespace evodb::simulation;

int main(int count, char **arguments) {
  if (count != 2 && count != 3) {
    fmt::print(stderr, "usage: simulate SEED | simulate FIRST LAST\n");
    return 2;
  }
  const std::uint64_t first = std::strtoull(arguments[1], nullptr, 10);
  const std::uint64_t last = count == 3 ? std::strtoull(arguments[2], nullptr, 10) : first;
  std::map<std::string, std::int64_t> totals;
  int failed = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    history_plan plan = history_plan::of_seed(seed);
    plan.tells_the_story = count == 2;
    const history_result came = run(plan);
    for (const std::string &line : came.story) fmt::print("{}\n", line);
    for (const std::string &what : came.violations) fmt::print("seed {}: {}\n", seed, what);
    for (const auto &[name, number] : came.counts) totals[name] += number;
    if (!came.violations.empty()) ++failed;
  }
  for (const auto &[name, number] : totals) fmt::print("{:>10} {}\n", number, name);
  fmt::print("{} of {} histories failed\n", failed, last - first + 1);
  return failed == 0 ? 0 : 1;
}
