// Commits whose outcome is unknown, of values that share changes: every one has a token, and what that says is so.

#include <fmt/format.h>

#include "failure.h"
#include "simulation/directions.h"
#include "simulation/scene.h"
#include "simulation/writer.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(tokens_test)

namespace {

using told = ledger::told;

told as_resolved(const resolution &found) {
  if (found.what == resolution::kind::committed) return told::committed;
  return found.what == resolution::kind::lost ? told::not_committed : told::unknown;
}

/// One process commits v2, and callers that come meanwhile go together as v3, of which nothing is heard from then on.
struct group_scene : scene {
  explicit group_scene(bool lands) : self(start_process()), base(open(self)) {
    requests().directions = [this, lands](const sent_request &what) -> maybe_ways {
      is_opened |= is_put(what, self, 2);
      const bool is_first = is_put(what, self, 3) && !is_silent;
      is_silent |= is_first;
      if (is_first) return std::vector{lands ? answer_lost() : lost()};
      if (is_silent && what.from == self.id && what.key == key_of(3)) return std::vector{lost()};
      return std::vector{passage()};
    };
    label = told().begin(append_kind);
    opened = with_change(base, label);
    opener = commit(self, opened);
    run_until([&] { return is_opened; });
  }
  void end_opener() { BOOST_REQUIRE((end(opener, {label}).heard == ledger::told::committed)); }

  bool is_opened = false, is_silent = false;
  process &self;
  const table base;
  table opened = base;  ///< what becomes v2
  std::string label;
  std::shared_ptr<operation> opener;
};

}  // namespace

/// A value of an append and a property was in a body that is lost; the append alone is committed after that.
BOOST_AUTO_TEST_CASE(a_token_remembers_what_makes_no_snapshot) {
  for (const char *kind : {property_kind, column_kind}) {
    scene s;
    process &self = s.start_process();
    const std::string first = s.told().begin(append_kind), second = s.told().begin(kind);
    const table part = with_change(s.open(self), first), whole = with_change(part, second);
    s.requests().directions = [&](const sent_request &what) -> maybe_ways {
      return std::vector{is_put(what, self, 2) ? lost() : passage()};
    };
    const commit_outcome came = s.end(s.commit(self, whole), {first, second});
    BOOST_REQUIRE((came.failed == status::COMMIT_STATE_UNKNOWN));
    s.requests().directions = nullptr;
    s.others_commit(1);
    BOOST_REQUIRE((s.end(s.commit(self, part), {first}).heard == told::committed));
    s.told().tell(second, as_resolved(s.resolve(s.start_process(), came.token)));
    s.check();
  }
}

/// A value of two appends was in a body that is lost; the first alone is sent again and lands unheard.
BOOST_AUTO_TEST_CASE(a_token_of_a_part_does_not_speak_for_the_whole) {
  scene s;
  process &self = s.start_process();
  const std::string first = s.told().begin(append_kind), second = s.told().begin(append_kind);
  const table part = with_change(s.open(self), first), whole = with_change(part, second);
  s.requests().directions = [&](const sent_request &what) -> maybe_ways {
    return std::vector{is_put(what, self, 2) ? lost() : passage()};
  };
  BOOST_REQUIRE((s.end(s.commit(self, whole), {first, second}).heard == told::unknown));
  s.requests().directions = nullptr;
  s.others_commit(1);
  bool is_sent = false;
  s.requests().directions = [&](const sent_request &what) -> maybe_ways {
    if (what.from != self.id || what.key != key_of(3)) return std::vector{passage()};
    const bool is_first = is_put(what, self, 3) && !std::exchange(is_sent, true);
    return std::vector{is_first ? answer_lost() : is_sent ? lost() : passage()};
  };
  BOOST_REQUIRE((s.end(s.commit(self, part), {first}).heard == told::unknown));
  s.requests().directions = nullptr;
  const auto again = s.commit(self, whole);
  again->cancel();
  const commit_outcome came = s.end(again, {first, second});
  BOOST_REQUIRE((came.failed == status::COMMIT_STATE_UNKNOWN));
  const told found = as_resolved(s.resolve(s.start_process(), came.token));
  for (const std::string &label : {first, second}) s.told().tell(label, found);
  s.run_to_end();
  s.check();
}

/// Of a value's two appends the first lands in another call's body while the call waits, and the second in none.
BOOST_AUTO_TEST_CASE(a_token_of_the_rest_does_not_say_that_all_is_lost) {
  group_scene s(false);
  const std::string second = s.told().begin(append_kind);
  const table whole = with_change(s.opened, second);
  const auto of_whole = s.commit(s.self, whole);  // before it is known that v2 has landed
  s.end_opener();
  const commit_outcome came = s.end(of_whole, {s.label, second});
  BOOST_REQUIRE((came.failed == status::COMMIT_STATE_UNKNOWN));
  s.requests().directions = nullptr;
  s.others_commit(1);
  // Who shared the first with another call has not heard of it: "lost" would be taken to speak of both.
  BOOST_TEST((as_resolved(s.resolve(s.start_process(), came.token)) == told::unknown));
  s.run_to_end();
  s.check();
}

/// Two callers share a change, and their body is lost; one of them, who has a key, commits again.
BOOST_AUTO_TEST_CASE(another_callers_key_proves_nothing) {
  for (const bool has_key : {false, true}) {
    group_scene s(false);
    const std::string first = s.told().begin(append_kind), second = s.told().begin(append_kind);
    const table part = with_change(s.base, first), whole = with_change(part, second);
    const idempotency_key theirs("a", 1);
    const auto of_part = s.commit(s.self, part, theirs);
    const auto of_whole = s.commit(s.self, whole, has_key ? std::optional(idempotency_key("b", 1)) : std::nullopt);
    s.end_opener();
    BOOST_REQUIRE((s.end(of_part, {first}).heard == told::unknown));
    const commit_outcome came = s.end(of_whole, {first, second});
    BOOST_REQUIRE((came.failed == status::COMMIT_STATE_UNKNOWN));
    s.requests().directions = nullptr;
    s.others_commit(1);
    BOOST_REQUIRE((s.end(s.commit(s.self, part, theirs), {first}).heard == told::committed));
    s.told().tell(second, as_resolved(s.resolve(s.start_process(), came.token)));
    s.run_to_end();
    s.check();
  }
}

/// Two keys of one application were in one body, which landed unheard: the version records the higher one.
BOOST_AUTO_TEST_CASE(the_lower_key_of_a_body_that_landed_is_not_out_of_order) {
  for (const char *kind : {append_kind, property_kind, column_kind}) {
    group_scene s(true);
    const std::string first = s.told().begin(kind), second = s.told().begin(kind);
    const table lower = with_change(s.base, first), higher = with_change(s.base, second);
    const idempotency_key key("app", 1);
    const auto of_lower = s.commit(s.self, lower, key);
    const auto of_higher = s.commit(s.self, higher, idempotency_key("app", 2));
    s.end_opener();
    s.end(of_lower, {first});
    s.end(of_higher, {second});
    s.requests().directions = nullptr;
    BOOST_TEST((s.end(s.commit(s.self, lower, key), {first}).heard == told::committed), kind);
    s.run_to_end();
    s.check();
  }
}

/// B's body, which A sent, is settled by C, who shares B's change, while B waits behind C and is cancelled.
BOOST_AUTO_TEST_CASE(what_others_have_settled_is_heard_and_never_unknown_without_a_token) {
  for (const bool lands : {true, false}) {
    for (const bool has_rival : {true, false}) {
      for (const bool is_slow : {true, false}) {
        std::chrono::nanoseconds a_ended{};
        for (const bool is_measured : {true, false}) {
          group_scene s(lands);
          const std::string la = s.told().begin(append_kind), lb = s.told().begin(append_kind),
                            lc = s.told().begin(append_kind);
          const table a = with_change(s.base, la), b = with_change(s.base, lb), c = with_change(b, lc);
          const auto of_a = s.commit(s.self, a);
          s.pass(1us);  // until it stands in the line, and leads
          const auto of_b = s.commit(s.self, b);
          s.run_until([&] { return s.is_silent; });
          const steady_time sent = s.in().now();
          const auto of_c = s.commit(s.self, c);
          s.end_opener();
          if (has_rival && !lands) s.others_commit(1);
          if (!is_measured) {
            s.pass(sent + a_ended - 1s - s.in().now());
            of_b->cancel();
          }
          s.end(of_a, {la});
          a_ended = s.in().now() - sent;
          s.requests().directions = [&](const sent_request &what) -> maybe_ways {
            const bool is_held = is_slow && what.from == s.self.id && what.key.ends_with(".avro");
            return std::vector{is_held ? held(500ms) : passage()};
          };
          const commit_outcome came = s.end(of_b, {lb});
          BOOST_TEST((came.failed != status::COMMIT_STATE_UNKNOWN || !came.token.empty()));
          s.end(of_c, {lb, lc});
          s.run_to_end();
          s.check();
        }
      }
    }
  }
}

/// The version that fills the slot is never answered.
BOOST_AUTO_TEST_CASE(who_stops_resolving_hears_soon) {
  for (const bool is_all_silent : {false, true}) {
    scene s;
    process &self = s.start_process(), &other = s.start_process();
    const std::string label = s.told().begin(append_kind);
    s.requests().directions = [&](const sent_request &what) -> maybe_ways {
      return std::vector{is_put(what, self, 2) ? lost() : passage()};
    };
    const commit_outcome came = s.end(s.commit(self, with_change(s.open(self), label)), {label});
    BOOST_REQUIRE((came.failed == status::COMMIT_STATE_UNKNOWN));
    bool is_sent = false;
    s.requests().directions = [&](const sent_request &what) -> maybe_ways {
      const bool is_fill = is_put(what, other, 2);
      is_sent |= is_fill;
      return std::vector{is_fill || (is_sent && is_all_silent) ? lost() : passage()};
    };
    const auto resolving = operation::start(other.environment, [&]() -> task<std::shared_ptr<void>> {
      std::shared_ptr<table_context> context = other.tables->find(table_name);
      commit_token parsed = commit_token::parse(came.token);
      co_await evodb::resolve(std::move(context), std::move(parsed));
      co_return nullptr;
    });
    s.run_until([&] { return is_sent; });
    s.pass(1s);
    resolving->cancel();
    const steady_time cancelled_at = s.in().now();
    s.run_until([&] { return resolving->is_ready(); });
    BOOST_TEST((s.in().now() - cancelled_at <= 6s));
    s.run_to_end();
  }
}

namespace {

struct call {
  table value;
  std::vector<std::string> labels;
  std::optional<idempotency_key> key;
  std::shared_ptr<operation> running;
  std::optional<steady_time> cancelled_at;
};

/// How many of the labels are in the table.
std::size_t count_there(const table_metadata &now, const std::vector<std::string> &labels) {
  return static_cast<std::size_t>(std::count_if(labels.begin(), labels.end(), [&](const std::string &label) {
    const bool is_property = std::any_of(now.properties.begin(), now.properties.end(),
                                         [&](const auto &property) { return property.second == label; });
    return is_property || std::any_of(now.snapshots.begin(), now.snapshots.end(), [&](const auto &made) {
             const std::string *of = find_value(made->summary, "label");
             return of != nullptr && *of == label;
           });
  }));
}

}  // namespace

/// Values of one process that share changes, committed, cancelled and committed again, beside others.
BOOST_AUTO_TEST_CASE(tokens_of_shared_values_tell_the_truth) {
  int tokens_seen = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    scene s(seed);
    const bool has_keys = seed % 2 == 0;
    process &self = s.start_process();
    const table opened = s.open(self);
    std::vector<call> calls;
    const std::int64_t count = 3 + s.in().below(4);
    for (std::int64_t i = 0; i < count; ++i) {
      const auto from = static_cast<std::size_t>(s.in().below(i + 1));
      call made =
          from == calls.size() ? call{opened, {}, {}, {}, {}} : call{calls[from].value, calls[from].labels, {}, {}, {}};
      for (std::int64_t more = 1 + s.in().below(2); more > 0; --more) {
        made.labels.push_back(s.told().begin(s.in().chance(0.7) ? append_kind : property_kind));
        made.value = with_change(made.value, made.labels.back());
      }
      if (has_keys && s.in().chance(0.6)) made.key.emplace(fmt::format("application-{}", i), 1);
      calls.push_back(std::move(made));
    }
    misfortunes &rates = s.requests().rates;
    for (double misfortunes::*rate : {&misfortunes::request_lost, &misfortunes::answer_lost,
                                      &misfortunes::refused_for_now, &misfortunes::effect_then_error})
      rates.*rate = s.in().chance(0.6) ? 0.6 : 0;
    std::vector<std::pair<std::string, std::size_t>> tokens;
    const auto hear = [&](std::size_t at) {
      call &one = calls[at];
      const commit_outcome came = s.end(one.running, {});
      BOOST_TEST((!one.cancelled_at || s.in().now() - *one.cancelled_at <= 12s), "seed " << seed);
      one.running.reset();
      one.cancelled_at.reset();
      if (came.failed == status::COMMIT_STATE_UNKNOWN) tokens.emplace_back(came.token, at);
      const changes &all = one.value.uncommitted();
      for (std::size_t i = 0; i < all.size(); ++i)
        s.told().tell(one.labels[i], all[i]->is_committed() ? told::committed : came.heard);
    };
    const auto hear_until = [&](const std::function<bool()> &is_so) {
      s.run_until([&] {
        for (std::size_t at = 0; at < calls.size(); ++at)
          if (calls[at].running && calls[at].running->is_ready()) hear(at);
        return is_so();
      });
    };
    for (std::size_t started = 0; started < 2 * calls.size(); ++started) {
      call &one = calls[static_cast<std::size_t>(s.in().below(count))];
      if (!one.running) {
        one.running = s.commit(self, one.value, one.key);
        const auto cancel = [&s, &one, running = one.running] {
          if (running != one.running || running->is_ready()) return;
          one.cancelled_at = s.in().now();
          running->cancel();
        };
        if (s.in().chance(0.5)) s.in().after(s.in().between(1ms, 10min), 0, cancel);
      }
      if (s.in().chance(0.3)) s.others_commit(1);
      bool is_time = s.in().chance(0.4);
      if (!is_time) s.in().after(s.in().between(1ms, 1min), 0, [&is_time] { is_time = true; });
      hear_until([&] { return is_time; });
    }
    hear_until([] { return false; });
    s.check();
    rates = misfortunes();
    s.pass(20min);
    for (const auto &[token, at] : tokens) {
      BOOST_TEST_REQUIRE(!token.empty(), "seed " << seed);
      ++tokens_seen;
      const resolution found = s.resolve(s.start_process(), token);
      if (found.what != resolution::kind::committed) continue;
      const table now = s.open(s.start_process());
      BOOST_TEST(count_there(*now.metadata(), calls[at].labels) == calls[at].labels.size(), "seed " << seed);
    }
  }
  BOOST_TEST(tokens_seen > 8);
}

BOOST_AUTO_TEST_SUITE_END()
