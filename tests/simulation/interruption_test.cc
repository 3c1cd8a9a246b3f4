// A commit is cancelled, let go of or killed before each of its steps: what is reported to its caller is so, and doing
// it again under its key has it there once.

#include <algorithm>

#include "failure.h"
#include "simulation/scene.h"
#include "simulation/writer.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(interruption_test)

namespace {

enum class interruption { cancelled, let_go, killed };

/// False when the commit had ended before that many steps.
bool interrupt_after(int steps, std::uint64_t seed, interruption how) {
  const idempotency_key key("job", 1);
  const std::string label = "append-1";
  scene s(seed);
  s.told().begin_keyed(label);
  process &self = s.start_process();
  table value = with_change(s.open(self), label);
  // Each history has its own weather, and most have some.
  misfortunes &rates = s.requests().rates;
  rates.request_lost = rates.answer_lost = rates.request_doubled = 0.15;
  rates.refused_for_now = rates.effect_then_error = 0.15;
  std::shared_ptr<operation> running = s.commit(self, std::move(value), key);
  int taken = 0;
  s.run_until([&] { return taken++ == steps || running->is_ready(); });
  const bool is_interrupted = !running->is_ready();
  if (how == interruption::cancelled) running->cancel();
  if (how == interruption::killed) s.in().kill(self.id);
  if (how == interruption::let_go) {
    running.reset();
  } else {
    s.end(running, {label});
  }
  s.run_to_end();
  s.check();
  rates = misfortunes();
  process &again = s.start_process();
  const commit_outcome came = s.end(s.commit(again, with_change(s.open(again), label), key), {label});
  BOOST_TEST((came.heard == ledger::told::committed));
  s.check();
  return is_interrupted;
}

void interrupt_at_each_step(interruption how) {
  constexpr std::uint64_t seeds = 10;
  int interrupted = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    for (int steps = 0;; ++steps) {
      BOOST_TEST_CONTEXT("seed " << seed << ", after " << steps << " steps") {
        if (!interrupt_after(steps, seed, how)) break;
      }
      ++interrupted;
    }
  }
  BOOST_TEST_MESSAGE(interrupted << " interrupted");
  BOOST_TEST(interrupted > 200);
}

/// Several commits of one process, which go together, and some of them are cancelled. False when all had ended before.
bool interrupt_group_after(int steps, std::uint64_t seed, const std::vector<std::size_t> &cancelled) {
  scene s(seed);
  process &self = s.start_process();
  const table base = s.open(self);
  misfortunes &rates = s.requests().rates;
  rates.request_lost = rates.answer_lost = rates.refused_for_now = rates.effect_then_error = 0.1;
  std::vector<std::string> labels;
  std::vector<table> values;
  std::vector<std::shared_ptr<operation>> running;
  for (int i = 0; i < 3; ++i) {
    labels.push_back(s.told().begin(append_kind));
    values.push_back(with_change(base, labels.back()));
    running.push_back(s.commit(self, values.back()));
  }
  int taken = 0;
  const auto all_ended = [&] {
    return std::all_of(running.begin(), running.end(), [](const auto &one) { return one->is_ready(); });
  };
  s.run_until([&] { return taken++ == steps || all_ended(); });
  const bool is_interrupted = !all_ended();
  for (const std::size_t i : cancelled) running[i]->cancel();
  for (std::size_t i = 0; i < running.size(); ++i) {
    const bool is_cancelled = std::find(cancelled.begin(), cancelled.end(), i) != cancelled.end();
    const commit_outcome came = s.end(running[i], {labels[i]});
    BOOST_TEST((is_cancelled || came.failed != status::CANCELLED));
  }
  s.run_to_end();
  s.check();
  rates = misfortunes();
  for (std::size_t i = 0; i < running.size(); ++i)
    BOOST_TEST((s.end(s.commit(self, values[i]), {labels[i]}).heard == ledger::told::committed));
  s.check();
  return is_interrupted;
}

}  // namespace

BOOST_AUTO_TEST_CASE(cancelled_before_each_step) {
  interrupt_at_each_step(interruption::cancelled);
}
BOOST_AUTO_TEST_CASE(let_go_of_before_each_step) {
  interrupt_at_each_step(interruption::let_go);
}
BOOST_AUTO_TEST_CASE(killed_before_each_step) {
  interrupt_at_each_step(interruption::killed);
}

/// A commit whose version is answered late is cancelled after a second: when it ends, and with what.
void stop_waiting(std::chrono::nanoseconds answered_after, std::chrono::nanoseconds ends_after, ledger::told told) {
  scene s;
  process &self = s.start_process();
  const table value = with_change(s.open(self), "append-1");
  std::optional<steady_time> sent;
  s.requests().directions = [&](const sent_request &what) -> std::optional<std::vector<passage>> {
    const bool is_version = what.what == sent_request::kind::put && what.key.ends_with("/v2.metadata.json");
    if (!is_version || sent) return std::vector{passage()};
    sent = s.in().now();
    passage slow;
    slow.back = answered_after - slow.there;
    return std::vector{slow};
  };
  const std::shared_ptr<operation> running = s.commit(self, value);
  s.run_until([&] { return sent.has_value(); });
  s.pass(1s);
  running->cancel();
  const commit_outcome came = s.end(running, {"append-1"});
  BOOST_TEST((came.heard == told));
  BOOST_TEST((s.in().now() - *sent).count() == ends_after.count());
  s.requests().directions = nullptr;
  s.run_to_end();
  const commit_outcome again = s.end(s.commit(self, value), {"append-1"});
  BOOST_TEST((again.heard == ledger::told::committed));
  s.check();
}

BOOST_AUTO_TEST_CASE(whoever_stops_waiting_hears_after_five_seconds_at_the_latest) {
  constexpr auto hint_is_moved = 4ms;
  stop_waiting(4s, 4s + hint_is_moved, ledger::told::committed);
  stop_waiting(1h, 6s, ledger::told::unknown);
}

BOOST_AUTO_TEST_CASE(some_of_a_group_are_cancelled_before_each_step) {
  const std::vector<std::vector<std::size_t>> some{{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 1, 2}};
  int interrupted = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const std::vector<std::size_t> &cancelled = some[seed % some.size()];
    for (int steps = 0;; ++steps) {
      BOOST_TEST_CONTEXT("seed " << seed << ", after " << steps << " steps") {
        if (!interrupt_group_after(steps, seed, cancelled)) break;
      }
      ++interrupted;
    }
  }
  BOOST_TEST_MESSAGE(interrupted << " interrupted");
  BOOST_TEST(interrupted > 200);
}

/// A group's version is never answered, and everybody stops waiting a second later.
BOOST_AUTO_TEST_CASE(nobody_waits_longer_for_a_group_than_for_oneself) {
  for (const std::size_t patient : {0u, 1u, 3u}) {  // who does not stop; the last is none of the three
    scene s;
    process &self = s.start_process();
    const table base = s.open(self);
    std::optional<steady_time> sent;
    s.requests().directions = [&](const sent_request &what) -> std::optional<std::vector<passage>> {
      const bool is_version = what.key.ends_with("/v2.metadata.json");
      if (what.what == sent_request::kind::put && is_version && !sent) sent = s.in().now();
      if (!sent || !is_version) return std::vector{passage()};
      passage silent;
      silent.back = 100h;
      return std::vector{silent};
    };
    std::vector<std::string> labels;
    std::vector<std::shared_ptr<operation>> running;
    for (int i = 0; i < 3; ++i) {
      labels.push_back(s.told().begin(append_kind));
      running.push_back(s.commit(self, with_change(base, labels.back())));
    }
    s.run_until([&] { return sent.has_value(); });
    const std::string late_label = s.told().begin(append_kind);
    const auto late = s.commit(self, with_change(base, late_label));
    s.pass(1s);
    late->cancel();  // which is in no body
    BOOST_TEST((s.end(late, {late_label}).failed == status::CANCELLED));
    BOOST_TEST((s.in().now() - *sent == 1s));
    int unknown = 0, unsent = 0;
    for (std::size_t i = 0; i < running.size(); ++i)
      if (i != patient) running[i]->cancel();
    for (std::size_t i = 0; i < running.size(); ++i) {
      if (i == patient) continue;
      const commit_outcome came = s.end(running[i], {labels[i]});
      unknown += came.failed == status::COMMIT_STATE_UNKNOWN && !came.token.empty();
      unsent += came.failed == status::CANCELLED;  // of a group that was to follow
      BOOST_TEST((s.in().now() - *sent <= 6s + 1ms));
    }
    BOOST_TEST(unknown + unsent == (patient < running.size() ? 2 : 3));
    BOOST_TEST((unknown > 0 || patient < running.size()));  // who does not stop may be alone in the body
    s.requests().directions = nullptr;
    if (patient < running.size())
      BOOST_TEST((s.end(running[patient], {labels[patient]}).heard == ledger::told::committed));
    s.run_to_end();
    s.check();
  }
}

BOOST_AUTO_TEST_SUITE_END()
