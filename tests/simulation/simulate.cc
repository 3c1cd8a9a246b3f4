// Repeats simulated histories.
//   simulate SEED                          tells the story of one history and what is wrong with it
//   simulate [--until-violation] FIRST LAST   runs the seeds from FIRST to LAST, and names those that fail, or the first
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "simulation/history.h"

using namespace evodb::simulation;

int main(int count, char **arguments) {
  const bool ends_at_first = count > 1 && std::string_view(arguments[1]) == "--until-violation";
  if (ends_at_first) --count, ++arguments;
  if (count != 2 && count != 3) {
    fmt::print(stderr, "usage: simulate SEED | simulate [--until-violation] FIRST LAST\n");
    return 2;
  }
  const std::uint64_t first = std::strtoull(arguments[1], nullptr, 10);
  const std::uint64_t last = count == 3 ? std::strtoull(arguments[2], nullptr, 10) : first;
  std::map<std::string, std::int64_t> totals;
  std::uint64_t histories = 0, failed = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    history_plan plan = history_plan::of_seed(seed);
    plan.tells_the_story = count == 2;
    const history_result came = run(plan);
    for (const std::string &line : came.story) fmt::print("{}\n", line);
    for (const std::string &what : came.violations) fmt::print("seed {}: {}\n", seed, what);
    for (const auto &[name, number] : came.counts) totals[name] += number;
    ++histories;
    if (came.violations.empty()) continue;
    ++failed;
    if (ends_at_first) break;
  }
  for (const auto &[name, number] : totals) fmt::print("{:>10} {}\n", number, name);
  fmt::print("{} of {} histories failed\n", failed, histories);
  return failed == 0 ? 0 : 1;
}
