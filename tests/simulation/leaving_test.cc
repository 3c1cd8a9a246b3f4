// Callers that stop waiting for a commit which others have sent for them: when they hear what, and what becomes of it.

#include <fmt/format.h>

#include "failure.h"
#include "simulation/directions.h"
#include "simulation/http_store.h"
#include "simulation/scene.h"
#include "simulation/writer.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(leaving_test)

namespace {

using told = ledger::told;

/// Whose operations may take so long.
process &start_limited_process(scene &in, std::chrono::nanoseconds limit) {
  process &made = in.start_process();
  made.environment = std::make_shared<simulated_runtime>(in.in(), made.id, 0ms, limit);
  network &way = in.requests();
  auto store = way.is_http ? make_http_store(way, made.environment) : make_simulated_store(way, made.environment);
  location root = store->root();
  made.tables = std::make_shared<open_tables>(std::make_shared<const storage>(made.environment, store, root));
  return made;
}

/// One process commits v2 alone, and meanwhile others come that go together as v3: A leads, B is with it.
struct group_scene : scene {
  explicit group_scene(std::chrono::nanoseconds limit = {}) : self(start_limited_process(*this, limit)) {
    base.emplace(open(self));
  }
  /// Until the first put of v3 has left. `fate` is what becomes of self's requests from then on, that one included.
  void begin(std::function<maybe_ways(const sent_request &)> fate) {
    requests().directions = [this, fate](const sent_request &what) -> maybe_ways {
      if (what.from != self.id) return std::nullopt;
      const bool is_put = what.what == sent_request::kind::put;
      first_sent |= is_put && what.key == key_of(2);
      if (is_put && what.key == key_of(3) && !sent) sent = in().now();
      if (!sent) return std::vector{passage()};
      return fate(what);
    };
    const std::string l0 = told().begin(append_kind);
    auto opener = commit(self, with_change(*base, l0));
    run_until([&] { return first_sent; });
    for (int i = 0; i < 2; ++i) {
      labels.push_back(told().begin(append_kind));
      values.push_back(with_change(*base, labels.back()));
      running.push_back(commit(self, values.back()));
      pass(1us);  // until it stands in the line
    }
    run_until([&] { return sent.has_value(); });
    BOOST_REQUIRE((end(opener, {l0}).heard == ledger::told::committed));
  }
  bool first_sent = false;
  process &self;
  std::optional<table> base;
  std::optional<steady_time> sent;
  std::vector<std::string> labels;
  std::vector<table> values;
  std::vector<std::shared_ptr<operation>> running;
};

/// The body of v3 goes that way, C comes behind A and B, B is cancelled after four seconds, and the store falls silent
/// once A has heard. B hears what is so within 14 s.
void cancel_behind_another(const passage &of_the_body, bool is_leader_cancelled) {
  group_scene s;
  bool is_silent = false;
  s.begin([&](const sent_request &what) -> maybe_ways {
    if (is_silent) return std::vector{lost()};
    const bool is_body = what.what == sent_request::kind::put && what.key == key_of(3);
    return std::vector{is_body ? of_the_body : passage()};
  });
  const std::string late_label = s.told().begin(append_kind);
  const auto late = s.commit(s.self, with_change(*s.base, late_label));
  s.pass(3s);
  if (is_leader_cancelled) s.running[0]->cancel();
  s.pass(1s);
  s.running[1]->cancel();
  s.end(s.running[0], {s.labels[0]});
  is_silent = true;
  s.end(s.running[1], {s.labels[1]});
  BOOST_TEST((s.in().now() - *s.sent <= 14s));
  s.requests().directions = nullptr;
  s.end(late, {late_label});
  s.run_to_end();
  s.check();
}

}  // namespace

/// B stops waiting for a body that was sent, hears UNKNOWN, and the token is resolved as lost. The group goes on for B.
BOOST_AUTO_TEST_CASE(what_has_left_is_not_sent_again) {
  group_scene s;
  int puts = 0;
  s.begin([&](const sent_request &what) -> maybe_ways {
    if (what.what == sent_request::kind::put && what.key == key_of(3) && puts++ == 0) return std::vector{lost()};
    return std::nullopt;
  });
  s.pass(1s);
  s.running[1]->cancel();
  const commit_outcome came = s.end(s.running[1], {s.labels[1]});
  BOOST_REQUIRE((came.failed == status::COMMIT_STATE_UNKNOWN));
  s.others_commit(1);  // v3
  const resolution found = s.resolve(s.start_process(), came.token);
  BOOST_REQUIRE((found.what == resolution::kind::lost));
  s.told().tell(s.labels[1], told::not_committed);
  s.end(s.running[0], {s.labels[0]});
  s.run_to_end();
  s.check();
}

/// The user cancels, and the operation's limit passes while it still waits for others.
BOOST_AUTO_TEST_CASE(who_is_cancelled_and_out_of_time_hears_what_is_so) {
  group_scene s(10s);
  s.begin([&](const sent_request &what) -> maybe_ways {
    if (what.what == sent_request::kind::put && what.key == key_of(3)) return std::vector{held(1ms, 100h)};
    return std::nullopt;
  });
  s.pass(7s);
  s.running[1]->cancel();
  s.end(s.running[1], {s.labels[1]});
  s.end(s.running[0], {s.labels[0]});
  s.run_to_end();
  s.check();
}

/// Re-signed just before it grew too old, and looked at just after.
BOOST_AUTO_TEST_CASE(a_body_that_is_too_old_is_not_lost_while_its_signature_lives) {
  for (const bool is_cancelled : {true, false}) {
    for (const char *kind : {append_kind, column_kind}) {
      scene s;
      process &self = s.start_process();
      const std::string label = s.told().begin(kind);
      const table value = with_change(s.open(self), label);
      const steady_time begun = s.in().now();
      int phase = 1, puts = 0;
      bool builds = false;
      s.requests().directions = [&](const sent_request &what) -> maybe_ways {
        if (what.from != self.id || what.what != sent_request::kind::put) return std::nullopt;
        if (phase == 3) builds = true;
        if (what.key != key_of(2)) return std::nullopt;
        if (phase == 3) return std::vector{held(20min)};
        return std::vector{phase == 2 && puts++ == 0 ? held(13min) : lost()};
      };
      BOOST_REQUIRE((s.end(s.commit(self, value), {label}).heard == told::unknown));
      s.pass(begun + 12h - 3min - s.in().now());
      phase = 2;
      BOOST_REQUIRE((s.end(s.commit(self, value), {label}).heard == told::unknown));
      BOOST_REQUIRE((s.in().now() < begun + 12h + 9min));
      if (s.in().now() < begun + 12h + 1s) s.pass(begun + 12h + 1s - s.in().now());
      phase = 3;
      const auto third = s.commit(self, value);
      if (is_cancelled) {
        s.run_until([&] { return builds || third->is_ready(); });
        third->cancel();
      }
      s.end(third, {label});
      s.run_to_end();
      s.check();
    }
  }
}

/// Nor while its sender looks for its base: that it stood still since does not make the signature older than it was then.
BOOST_AUTO_TEST_CASE(a_body_that_grew_too_old_while_its_base_was_looked_at_may_have_landed) {
  int count = 0;
  for (const auto landing : {0ms, 1ms, 2ms, 3ms, 4ms, 5ms, 6ms}) {
    for (int steps = 0;; ++steps) {
      scene s;
      process &self = s.start_process();
      const std::string label = s.told().begin(append_kind);
      const table value = with_change(s.open(self), label);
      const steady_time begun = s.in().now();
      const steady_time looks = begun + 11h + 42min;
      bool may_land = false;
      int puts = 0;
      s.requests().directions = [&](const sent_request &what) -> maybe_ways {
        if (what.from != self.id) return std::nullopt;
        if (what.what != sent_request::kind::put || what.key != key_of(2)) return std::vector{passage()};
        const bool lands = may_land && puts++ == 0;
        return std::vector{lands ? held(looks + landing - s.in().now()) : lost()};
      };
      BOOST_REQUIRE((s.end(s.commit(self, value), {label}).heard == told::unknown));
      s.pass(begun + 11h + 29min - s.in().now());
      may_land = true;
      BOOST_REQUIRE((s.end(s.commit(self, value), {label}).heard == told::unknown));
      s.pass(looks - s.in().now());
      const auto third = s.commit(self, value);
      int taken = 0;
      s.run_until([&] { return taken++ == steps || third->is_ready(); });
      if (third->is_ready()) break;
      s.in().stall(self.id, 20min);
      third->cancel();
      BOOST_TEST_CONTEXT("landing after " << landing.count() << " ms, after " << steps << " steps") {
        s.end(third, {label});
        s.run_to_end();
        s.check();
      }
      count += s.newest_version() == 2;
    }
  }
  BOOST_TEST(count > 100);
}

/// B's commit has landed and A has seen it, but B stands behind C in the line.
BOOST_AUTO_TEST_CASE(what_is_decided_is_heard_though_others_stand_before) {
  cancel_behind_another(held(1ms, 4500ms), false);
}

/// The body was refused for sure and its leader, cancelled, leaves B as sent; C takes B along.
BOOST_AUTO_TEST_CASE(who_was_refused_with_others_can_leave) {
  passage refused = held(1ms, 4500ms);
  refused.takes_effect = false;
  refused.answer.emplace();
  refused.answer->status = 403;
  refused.answer->code = "AccessDenied";
  cancel_behind_another(refused, true);
}

/// B, cancelled, finds that L settled its body as lost, and commits anew in spite of its cancellation.
BOOST_AUTO_TEST_CASE(who_is_cancelled_does_not_commit_anew) {
  std::chrono::nanoseconds a_ended{};
  for (int pass = 0; pass < 2; ++pass) {
    group_scene s;
    bool is_silent = false, slot_is_silent = true;
    s.begin([&](const sent_request &what) -> maybe_ways {
      if (is_silent) return std::vector{lost()};
      if (slot_is_silent && what.key == key_of(3)) return std::vector{lost()};
      return std::vector{passage()};
    });
    const std::string mine = s.told().begin(column_kind), rival = s.told().begin(column_kind);
    const auto third = s.commit(s.self, with_change(s.values[1], mine));
    process &other = s.start_process();
    const table rivals = with_change(s.open(other), rival);
    s.end(s.commit(other, rivals), {rival});  // v3
    if (pass == 1) {
      s.pass(*s.sent + a_ended - 1s - s.in().now());
      s.running[1]->cancel();
    }
    const steady_time cancelled_at = s.in().now();
    s.end(s.running[0], {s.labels[0]});
    a_ended = s.in().now() - *s.sent;
    slot_is_silent = false;
    if (pass == 0) {
      s.requests().directions = nullptr;
      s.run_to_end();
      continue;
    }
    s.end(third, {mine});
    is_silent = true;
    s.end(s.running[1], {s.labels[1]});
    BOOST_TEST((s.in().now() - cancelled_at <= 10s));
    s.requests().directions = nullptr;
    s.run_to_end();
    s.check();
  }
}

/// Where operations are limited, the hint's background work is cut short, and the hint is never moved again.
BOOST_AUTO_TEST_CASE(the_hint_is_moved_though_operations_are_short) {
  group_scene s(700ms);
  s.requests().directions = [](const sent_request &) -> maybe_ways { return std::vector{passage()}; };
  table value = *s.base;
  for (int i = 0; i < 8; ++i) {
    const std::string label = s.told().begin(append_kind);
    commit_outcome came = s.end(s.commit(s.self, with_change(value, label)), {label});
    BOOST_REQUIRE(came.committed);
    value = *came.committed;
    if (i > 3) s.pass(1h);
  }
  s.run_to_end();
  const auto &hint = s.store().objects().at(fmt::format("{}/metadata/version-hint.text", table_name));
  BOOST_TEST(*hint.body == std::to_string(s.newest_version()));
  s.check();
}

/// Nothing of it was sent when it was cancelled.
BOOST_AUTO_TEST_CASE(who_is_cancelled_before_a_byte_was_sent_hears_so) {
  int unknown = 0;
  for (int steps = 0;; ++steps) {
    scene s;
    process &self = s.start_process();
    const table value = with_change(s.open(self), "append-1");
    bool is_sent = false;
    s.requests().directions = [&](const sent_request &what) -> maybe_ways {
      is_sent |= what.what == sent_request::kind::put && what.key == key_of(2);
      return std::vector{passage()};
    };
    const auto running = s.commit(self, value);
    int taken = 0;
    s.run_until([&] { return taken++ == steps || running->is_ready(); });
    if (running->is_ready()) break;
    running->cancel();
    const commit_outcome came = s.end(running, {"append-1"});
    if (!is_sent && came.failed != status::CANCELLED) {
      ++unknown;
    }
    s.run_to_end();
    s.check();
  }
  BOOST_TEST(unknown == 0);
}

/// Its value is in a body that was sent by an earlier call.
BOOST_AUTO_TEST_CASE(who_is_cancelled_before_the_call_begins_hears_of_what_was_sent_before) {
  for (const auto limit : {0s, 60s}) {
    for (int i = 0; i < 100; ++i) {
      const int steps = i % 5;
      scene s(static_cast<std::uint64_t>(i));
      process &self = start_limited_process(s, limit);
      const std::string label = s.told().begin(append_kind);
      const table value = with_change(s.open(self), label);
      s.requests().directions = [&](const sent_request &what) -> maybe_ways {
        if (what.what == sent_request::kind::put && what.key == key_of(2)) return std::vector{lost()};
        return std::vector{passage()};
      };
      BOOST_REQUIRE((s.end(s.commit(self, value), {label}).heard == told::unknown));
      const auto again = s.commit(self, value);
      int taken = 0;
      s.run_until([&] { return taken++ == steps; });
      again->cancel();
      const commit_outcome came = s.end(again, {label});
      BOOST_TEST((came.failed == status::COMMIT_STATE_UNKNOWN), "after " << steps << " steps, limit " << limit.count());
      BOOST_TEST(!came.token.empty());
    }
  }
}

/// B's call settles what was sent before as committed, goes on for D, and is cancelled then.
BOOST_AUTO_TEST_CASE(what_was_settled_is_heard_though_the_group_goes_on) {
  group_scene s;
  int puts = 0;
  std::optional<steady_time> sent4;
  const std::string label = s.told().begin(append_kind);
  const table value = with_change(*s.base, label);
  bool is_put = false;
  s.requests().directions = [&](const sent_request &what) -> maybe_ways {
    if (what.from != s.self.id) return std::nullopt;
    is_put |= what.what == sent_request::kind::put && what.key == key_of(2);
    if (!is_put || what.key != key_of(2)) return std::vector{passage()};
    passage way;
    if (what.what == sent_request::kind::put && puts++ == 0)
      way.is_answered = false;
    else
      way.arrives = false;
    return std::vector{way};
  };
  BOOST_REQUIRE((s.end(s.commit(s.self, value), {label}).heard == told::unknown));
  // Now an opener, and B and D behind it.
  bool opener_sent = false;
  s.requests().directions = [&](const sent_request &what) -> maybe_ways {
    if (what.from != s.self.id) return std::nullopt;
    const bool put = what.what == sent_request::kind::put;
    opener_sent |= put && what.key == key_of(3);
    if (put && what.key == key_of(4)) {
      if (!sent4) sent4 = s.in().now();
      return std::vector{held(1ms, 100h)};
    }
    return std::vector{passage()};
  };
  const std::string l0 = s.told().begin(append_kind), ld = s.told().begin(append_kind);
  auto opener = s.commit(s.self, with_change(*s.base, l0));
  s.run_until([&] { return opener_sent; });
  auto b = s.commit(s.self, value);
  auto d = s.commit(s.self, with_change(*s.base, ld));
  s.run_until([&] { return sent4.has_value(); });
  s.pass(1s);
  b->cancel();
  BOOST_TEST((s.end(b, {label}).heard == told::committed));
  s.requests().directions = nullptr;
  s.end(d, {ld});
  s.end(opener, {l0});
  s.run_to_end();
  s.check();
}

BOOST_AUTO_TEST_SUITE_END()
