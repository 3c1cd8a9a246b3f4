#include "diagnosis/write_checks.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace evodb {

health_checks checks_of(const write_probe &probe, const location &at) {
  health_checks found;
  health_check write("write");
  if (probe.write) write.fail(sentence_of(*probe.write));
  const bool was_refused = probe.write && probe.write->code() == status::ACCESS_DENIED;  // so nothing was made
  if (probe.removal && !was_refused) {
    if (!probe.write || probe.write->message() != probe.removal->message()) write.say(sentence_of(*probe.removal));
    write.say(probe.write ? fmt::format("whether {} was made to try the store is not known: delete it if it is there",
                                        at.to_text())
                          : fmt::format("delete {}, which was made to try the store", at.to_text()));
  }
  found.push_back(std::move(write));
  if (probe.write) return found;

  health_check if_none_match("if-none-match");
  if (probe.if_none_match) {
    if_none_match.fail(sentence_of(*probe.if_none_match))
        .say(
            "without exclusive creation two writers can make the same version, and one of them is lost; commit "
            "nothing");
  }
  found.push_back(std::move(if_none_match));
  health_check if_match("if-match");
  if (probe.if_match) {
    if_match.fail(sentence_of(*probe.if_match))
        .say("the version hint may be moved back, so that other engines read old versions");
  }
  found.push_back(std::move(if_match));

  if (!probe.clock_ahead_ms) return found;
  const std::int64_t ahead_ms = *probe.clock_ahead_ms;
  health_check clock("clock");
  clock.with(ahead_ms);
  if (ahead_ms < -tolerated_clock_difference_ms || ahead_ms > tolerated_clock_difference_ms) {
    clock.fail(
        fmt::format("this machine's clock is {} s {} the store's: commits get wrong times, and stores refuse "
                    "requests; set it",
                    (std::abs(ahead_ms) + 500) / 1000, ahead_ms > 0 ? "ahead of" : "behind"));
  }
  found.push_back(std::move(clock));
  return found;
}

}  // namespace evodb
