// What went wrong in the model of the commit whenever one of its rules was missing (tests/model/commit_protocol), each
// played with the real code.

#include <fmt/format.h>

#include <set>

#include "failure.h"
#include "simulation/cleaner.h"
#include "simulation/directions.h"
#include "simulation/scene.h"
#include "simulation/writer.h"
#include "table/commit/commit.h"
#include "table/open_table.h"
#include "table/operations/set_properties.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(counter_examples_test)

namespace {

using told = ledger::told;
using ways = std::vector<passage>;

const std::string hint_key = fmt::format("{}/metadata/version-hint.text", table_name);

bool is_put_of_a_version(const sent_request &sent, const process &by) {
  return sent.from == by.id && sent.what == sent_request::kind::put && sent.key.ends_with(".metadata.json");
}

passage answered(int status, std::string code) {
  passage way;
  way.answer.emplace();
  way.answer->status = status;
  way.answer->code = std::move(code);
  return way;
}

passage refused(int status, std::string code) {
  passage way = answered(status, std::move(code));
  way.takes_effect = false;
  return way;
}

/// A scene with one writer that has an append to commit.
struct append_scene : scene {
  explicit append_scene(int max_snapshots = 0, std::chrono::milliseconds clock_error = {})
      : scene(default_seed(1), max_snapshots), writer(start_process(clock_error)), label(told().begin(append_kind)) {
    value.emplace(with_change(open(writer), label));
  }

  void direct(std::function<maybe_ways(const sent_request &)> directions) {
    requests().directions = std::move(directions);
  }
  /// What becomes of the writer's bodies; `number` counts from 1.
  void direct_bodies(std::function<ways(const sent_request &sent, int number)> directions) {
    direct([this, directions = std::move(directions), number = 0](const sent_request &sent) mutable -> maybe_ways {
      if (!is_put_of_a_version(sent, writer)) return std::nullopt;
      return directions(sent, ++number);
    });
  }
  void direct_every_body(ways same) {
    direct_bodies([same = std::move(same)](const sent_request &, int) { return same; });
  }
  /// The body lands, and nothing tells its sender.
  void land_unheard() {
    direct([this, is_sent = false](const sent_request &sent) mutable -> maybe_ways {
      if (sent.from != writer.id || sent.key != key_of(2)) return std::nullopt;
      if (is_put_of_a_version(sent, writer)) {
        is_sent = true;
        return ways{answer_lost()};
      }
      if (!is_sent) return std::nullopt;
      return ways{lost()};
    });
  }
  /// None of its copies ever arrives.
  void never_land() { direct_every_body(ways{lost()}); }
  void let_everything_pass() { requests().directions = nullptr; }

  std::shared_ptr<operation> commit_value(std::optional<idempotency_key> key = std::nullopt) {
    return commit(writer, *value, std::move(key));
  }
  commit_outcome commit_to_the_end(std::optional<idempotency_key> key = std::nullopt) {
    return end(commit_value(std::move(key)), {label});
  }
  bool is_there(std::int64_t version) { return store().objects().contains(key_of(version)); }
  /// What was made so far becomes old enough to be cleaned away, but for the newest versions, and is.
  void grow_old_and_clean_up() {
    pass(30h);
    clean_up();
    BOOST_TEST(!is_there(2));
  }

  process &writer;
  const std::string label;
  std::optional<table> value;
};

}  // namespace

// Fence.

BOOST_AUTO_TEST_CASE(a_write_that_was_held_back_is_refused_after_a_clean_up) {
  for (const std::chrono::minutes clock_error : {0min, 14min, -14min}) {
    append_scene s(0, clock_error);
    s.direct_every_body(ways{held(72h)});
    BOOST_TEST((s.commit_to_the_end().heard == told::unknown));
    s.others_commit(5);
    s.grow_old_and_clean_up();
    s.run_to_end();
    BOOST_TEST(s.store().count("signatures refused") > 0);
    s.check();
  }
}

BOOST_AUTO_TEST_CASE(a_body_is_sent_again_with_the_same_signature) {
  append_scene s;
  std::multiset<std::int64_t> signatures;
  s.direct_bodies([&](const sent_request &sent, int) {
    signatures.insert(sent.signed_at_ms.value_or(0));
    return ways{lost()};
  });
  s.commit_to_the_end();
  BOOST_TEST(signatures.size() > 2u);
  BOOST_TEST(signatures.count(*signatures.begin()) == signatures.size());
  BOOST_TEST(*signatures.begin() > 0);
}

/// Whenever its writer stalls, a body is signed with the time at which it was begun, or before.
BOOST_AUTO_TEST_CASE(a_body_is_as_old_as_what_it_relies_on) {
  int count = 0;
  for (const bool is_alone : {false, true}) {
    for (int steps = 0;; ++steps) {
      append_scene s;
      std::string label = s.label;
      table value = *s.value;
      if (is_alone) {  // the next commit writes its files before it has asked for its base
        value = *s.end(s.commit(s.writer, value), {label}).committed;
        s.run_to_end();
        label = s.told().begin(append_kind);
        value = with_change(value, label);
      }
      std::optional<std::int64_t> begun_ms, signed_at_ms;
      s.requests().directions = [&](const sent_request &sent) -> maybe_ways {
        if (sent.from == s.writer.id && !begun_ms) begun_ms = s.in().now_ms();
        if (is_put_of_a_version(sent, s.writer)) signed_at_ms = sent.signed_at_ms;
        return std::nullopt;
      };
      const auto running = s.commit(s.writer, value);
      int taken = 0;
      s.run_until([&] { return taken++ == steps || running->is_ready(); });
      if (running->is_ready()) break;
      s.in().stall(s.writer.id, 10min);
      s.end(running, {label});
      BOOST_TEST((!signed_at_ms || *signed_at_ms <= *begun_ms), "after " << steps << " steps");
      count += signed_at_ms.has_value();
      s.check();
    }
  }
  BOOST_TEST(count > 10);  // over HTTP a request that its sender slept through is given up, and mostly the commit, too
}

BOOST_AUTO_TEST_CASE(a_writer_that_stalls_between_any_two_requests_writes_over_nothing) {
  int stalls = 0;
  for (int before = 1;; ++before) {
    append_scene s;
    int number = 0;
    s.direct([&](const sent_request &sent) -> maybe_ways {
      if (sent.from == s.writer.id && ++number == before) s.in().stall(s.writer.id, 72h);
      return std::nullopt;
    });
    const auto running = s.commit_value();
    s.run_until([&] { return number >= before || running->is_ready(); });
    if (running->is_ready()) break;
    ++stalls;
    s.others_commit(5);
    s.grow_old_and_clean_up();
    BOOST_TEST_CONTEXT("before request " << before) {
      s.end(running, {s.label});
      s.check();
    }
  }
  BOOST_TEST(stalls > 5);
}

// Slots that read empty.

BOOST_AUTO_TEST_CASE(a_body_is_not_sent_again_into_a_slot_that_was_cleaned_away) {
  append_scene s;
  s.direct_bodies([](const sent_request &, int number) { return ways{held(number == 1 ? 40s : 72h)}; });
  BOOST_TEST((s.commit_to_the_end().heard == told::committed));
  s.others_commit(5);
  s.grow_old_and_clean_up();
  s.run_to_end();
  s.check();
}

BOOST_AUTO_TEST_CASE(a_first_body_that_lands_late_is_not_doubled) {
  for (const std::chrono::nanoseconds late : {20s, 31s, 40s, 65s, 100s, 300s, 890s, 1000s, 7200s}) {
    append_scene s;
    s.direct_bodies([&](const sent_request &, int number) { return ways{number == 1 ? held(late) : lost()}; });
    told heard = told::unknown;
    for (int tries = 0; heard == told::unknown && tries < 20; ++tries) {
      heard = s.commit_to_the_end().heard;
      s.pass(2min);
    }
    s.let_everything_pass();
    if (heard == told::unknown) heard = s.commit_to_the_end().heard;
    BOOST_TEST((heard == told::committed));
    s.run_to_end();
    s.check();
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_beyond_the_next_version) {
  append_scene s;
  std::set<std::string> sent_to;
  s.direct_bodies([&](const sent_request &sent, int) {
    sent_to.insert(sent.key);
    return ways{held(10min)};
  });
  s.commit_to_the_end();
  BOOST_TEST(sent_to == std::set<std::string>{key_of(2)});
  s.run_to_end();
  s.let_everything_pass();
  BOOST_TEST((s.commit_to_the_end().heard == told::committed));
  BOOST_TEST(s.newest_version() == 2);
  s.check();
}

// The base.

BOOST_AUTO_TEST_CASE(a_version_that_was_known_long_ago_does_not_vouch_for_itself) {
  append_scene s;
  s.others_commit(5);
  s.grow_old_and_clean_up();
  BOOST_TEST((s.commit_to_the_end().heard == told::committed));
  BOOST_TEST(s.newest_version() == 7);
  s.check();
}

BOOST_AUTO_TEST_CASE(a_clean_up_between_any_two_requests_makes_no_old_version_the_newest) {
  for (const bool was_opened_long_ago : {false, true}) {
    for (const bool is_held_on_the_way_back : {false, true}) {
      int moments = 0;
      for (int at = 1;; ++at) {
        append_scene s;
        // The hint stays behind, and what it names grows old.
        s.direct([&](const sent_request &sent) -> maybe_ways {
          if (sent.what != sent_request::kind::put || sent.key != hint_key) return std::nullopt;
          return ways{lost()};
        });
        s.others_commit(6);
        s.pass(30h);
        int number = 0;
        s.direct([&](const sent_request &sent) -> maybe_ways {
          if (sent.from != s.writer.id || ++number != at) return std::nullopt;
          passage held;
          (is_held_on_the_way_back ? held.back : held.there) = 20s;
          return ways{held};
        });
        std::int64_t opened_version = 7;
        if (!was_opened_long_ago) s.writer.tables = s.writer.new_tables();
        const auto running = operation::start(s.writer.environment, [&]() -> task<std::shared_ptr<void>> {
          table value = *s.value;
          if (!was_opened_long_ago) {
            std::shared_ptr<table_context> context = s.writer.tables->find(table_name);
            const table opened = co_await open_table(std::move(context));
            opened_version = opened.base().version;
            value = with_change(opened, s.label);
          }
          table committed = co_await evodb::commit(std::move(value));
          co_return std::make_shared<table>(std::move(committed));
        });
        s.run_until([&] { return number >= at || running->is_ready(); });
        if (running->is_ready()) break;
        ++moments;
        if (is_held_on_the_way_back) s.pass(1s);
        s.others_commit(1);
        s.clean_up();
        BOOST_TEST(!s.is_there(2));
        BOOST_TEST_CONTEXT("at request " << at << ", held on the way " << (is_held_on_the_way_back ? "back" : "there")
                                         << (was_opened_long_ago ? ", opened long ago" : "")) {
          BOOST_TEST((s.end(running, {s.label}).heard == told::committed));
          BOOST_TEST(opened_version >= 7);
          s.check();
        }
      }
      BOOST_TEST(moments > 8);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_clean_up_that_ends_anywhere_leaves_one_newest_version) {
  for (int steps = 0;; ++steps) {
    append_scene s;
    s.others_commit(6);
    s.pass(30h);
    process &cleaner = s.start_process();
    const auto cleaning = operation::start(cleaner.environment, [&]() -> task<std::shared_ptr<void>> {
      co_await clean_once(cleaner);
      co_return nullptr;
    });
    int taken = 0;
    s.run_until([&] { return taken++ == steps || cleaning->is_ready(); });
    const bool is_over = cleaning->is_ready();
    s.in().kill(cleaner.id);
    BOOST_TEST_CONTEXT("after " << steps << " steps") {
      BOOST_TEST((s.commit_to_the_end().heard == told::committed));
      s.others_commit(1);
      BOOST_TEST(s.newest_version() == 9);
      s.check();
    }
    if (is_over) break;
  }
}

// Answers.

BOOST_AUTO_TEST_CASE(a_412_may_be_ones_own) {
  append_scene s;
  s.direct_every_body(ways{answer_lost(), held(2ms)});
  BOOST_TEST((s.commit_to_the_end().heard == told::committed));
  BOOST_TEST(s.newest_version() == 2);
  s.check();
}

BOOST_AUTO_TEST_CASE(an_error_after_the_effect_is_no_refusal) {
  for (const auto &[status, code] : std::vector<std::pair<int, std::string>>{{429, "SlowDown"},
                                                                             {500, "InternalError"},
                                                                             {503, "ServiceUnavailable"},
                                                                             {502, ""},
                                                                             {520, "<html>"},
                                                                             {409, "OperationAborted"}}) {
    append_scene s;
    s.direct_every_body(ways{answered(status, code)});
    BOOST_TEST((s.commit_to_the_end().heard == told::committed));
    BOOST_TEST(s.newest_version() == 2);
    s.check();
  }
}

BOOST_AUTO_TEST_CASE(a_403_may_be_of_a_second_copy) {
  append_scene s;
  s.direct_every_body(ways{answer_lost(), answered(403, "RequestTimeTooSkewed")});
  BOOST_TEST((s.commit_to_the_end().heard == told::committed));
  BOOST_TEST(s.newest_version() == 2);
  s.check();
}

// The hint.

BOOST_AUTO_TEST_CASE(a_version_is_there_whether_or_not_the_hint_says_so) {
  append_scene s;
  s.direct([&](const sent_request &sent) -> maybe_ways {
    if (is_put(sent, s.writer, hint_key)) s.in().kill(s.writer.id);
    return std::nullopt;
  });
  s.end(s.commit_value(), {s.label});
  BOOST_TEST(s.newest_version() == 2);
  process &other = s.start_process();
  BOOST_TEST(s.open(other).base().version == 2);
  s.others_commit(1);
  s.check();
}

BOOST_AUTO_TEST_CASE(a_late_hint_does_not_name_what_was_cleaned_away) {
  append_scene s;
  s.direct([&](const sent_request &sent) -> maybe_ways {
    if (!is_put(sent, s.writer, hint_key)) return std::nullopt;
    return ways{held(60h)};
  });
  BOOST_TEST((s.commit_to_the_end().heard == told::committed));
  s.others_commit(5);
  s.grow_old_and_clean_up();
  s.run_to_end();
  s.check();
}

// Identity.

BOOST_AUTO_TEST_CASE(two_writers_of_the_same_bytes_are_told_apart) {
  scene s;
  process &one = s.start_process(), &other = s.start_process();
  s.requests().directions = [&](const sent_request &sent) -> maybe_ways {
    if (!is_put_of_a_version(sent, one) && !is_put_of_a_version(sent, other)) return std::nullopt;
    return ways{answer_lost()};
  };
  const table before = s.open(one), same = s.open(other);
  const auto first = s.commit(one, set_properties(before, {{"owner", "me"}}, {}));
  const auto second = s.commit(other, set_properties(same, {{"owner", "me"}}, {}));
  BOOST_TEST((s.end(first, {}).heard == told::committed));
  BOOST_TEST((s.end(second, {}).heard == told::committed));
  BOOST_TEST(s.newest_version() == 3);
  s.check();
}

BOOST_AUTO_TEST_CASE(a_value_that_is_committed_again_is_there_once) {
  for (const bool is_heard : {true, false}) {
    for (const int others : {0, 1, 20}) {
      append_scene s;
      if (!is_heard) s.land_unheard();
      BOOST_TEST((s.commit_to_the_end().heard == (is_heard ? told::committed : told::unknown)));
      s.let_everything_pass();
      s.others_commit(others);
      BOOST_TEST((s.commit_to_the_end().heard == told::committed));
      BOOST_TEST((s.commit_to_the_end().heard == told::committed));
      BOOST_TEST(s.newest_version() == 2 + others);
      s.check();
    }
  }
}

BOOST_AUTO_TEST_CASE(values_that_share_a_change_have_it_once) {
  for (const bool longer_goes_first : {false, true}) {
    for (const bool has_landed : {false, true}) {
      append_scene s;
      const std::string second = s.told().begin(append_kind);
      const table shorter = *s.value, longer = with_change(*s.value, second);
      has_landed ? s.land_unheard() : s.never_land();
      const std::vector<std::string> first_labels =
          longer_goes_first ? std::vector<std::string>{s.label, second} : std::vector<std::string>{s.label};
      const table first = longer_goes_first ? longer : shorter, other = longer_goes_first ? shorter : longer;
      BOOST_TEST((s.end(s.commit(s.writer, first), first_labels).heard == told::unknown));
      s.let_everything_pass();
      s.others_commit(1);
      BOOST_TEST((s.end(s.commit(s.writer, other), {s.label}).heard == told::committed));
      BOOST_TEST((s.end(s.commit(s.writer, longer), {s.label, second}).heard == told::committed));
      BOOST_TEST((s.end(s.commit(s.writer, shorter), {s.label}).heard == told::committed));
      s.check();
    }
  }
}

BOOST_AUTO_TEST_CASE(values_that_share_a_change_at_the_same_time_have_it_once) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    scene s(seed);
    process &writer = s.start_process();
    const std::string first = s.told().begin(append_kind), second = s.told().begin(append_kind);
    const table shorter = with_change(s.open(writer), first), longer = with_change(shorter, second);
    s.requests().rates.answer_lost = s.requests().rates.request_doubled = 0.2;
    const auto one = s.commit(writer, shorter), other = s.commit(writer, longer), same = s.commit(writer, shorter);
    s.end(one, {first});
    s.end(other, {first, second});
    s.end(same, {first});
    s.check();
  }
}

// What was expired and cleaned away.

BOOST_AUTO_TEST_CASE(what_is_nowhere_because_it_expired_stays_unknown) {
  append_scene s(1);
  s.land_unheard();
  const commit_outcome came = s.commit_to_the_end();
  BOOST_TEST((came.heard == told::unknown));
  s.let_everything_pass();
  for (int i = 0; i < 5; ++i) {
    s.pass(2h);
    s.others_commit(1);
  }
  s.grow_old_and_clean_up();
  BOOST_TEST((s.resolve(s.start_process(), came.token).what == resolution::kind::unknown));
  BOOST_TEST((s.commit_to_the_end().heard == told::unknown));
  s.check();
}

BOOST_AUTO_TEST_CASE(what_was_cleaned_away_is_known_by_its_snapshot) {
  append_scene s;
  s.land_unheard();
  const commit_outcome came = s.commit_to_the_end();
  BOOST_TEST((came.heard == told::unknown));
  s.let_everything_pass();
  s.others_commit(5);
  s.grow_old_and_clean_up();
  BOOST_TEST((s.resolve(s.start_process(), came.token).what == resolution::kind::committed));
  BOOST_TEST((s.commit_to_the_end().heard == told::committed));
  BOOST_TEST(s.newest_version() == 7);
  s.check();
}

BOOST_AUTO_TEST_CASE(a_key_is_known_after_a_restart_and_after_expiry) {
  append_scene s(1);
  const idempotency_key key("job", 1);
  s.land_unheard();
  BOOST_TEST((s.commit_to_the_end(key).heard == told::unknown));
  s.let_everything_pass();
  const auto commit_after_a_restart = [&] {
    process &restarted = s.start_process();
    return s.end(s.commit(restarted, with_change(s.open(restarted), s.label), key), {s.label});
  };
  BOOST_TEST((commit_after_a_restart().heard == told::committed));
  for (int i = 0; i < 5; ++i) {
    s.pass(2h);
    s.others_commit(1);
  }
  s.grow_old_and_clean_up();
  BOOST_TEST((commit_after_a_restart().heard == told::committed));
  BOOST_TEST(s.newest_version() == 7);
  s.check();
}

// What is deleted.

BOOST_AUTO_TEST_CASE(a_cancelled_commit_that_lands_later_can_be_read) {
  append_scene s;
  s.direct_every_body(ways{held(2min)});
  const auto running = s.commit_value();
  s.pass(10s);
  running->cancel();
  const commit_outcome came = s.end(running, {s.label});
  BOOST_TEST((came.heard == told::unknown));
  s.run_to_end();
  BOOST_TEST(s.newest_version() == 2);
  s.check();
  BOOST_TEST((s.resolve(s.start_process(), came.token).what == resolution::kind::committed));
}

BOOST_AUTO_TEST_CASE(a_commit_after_a_sweep_refers_to_nothing_that_was_swept_up) {
  for (const bool is_committed_meanwhile : {false, true}) {
    append_scene s;
    s.never_land();
    BOOST_TEST((s.commit_to_the_end().heard == told::unknown));
    s.let_everything_pass();
    if (is_committed_meanwhile) s.others_commit(1);
    s.pass(96h);
    s.sweep_up();
    s.commit_to_the_end();
    s.others_commit(1);
    s.check();
  }
}

/// From here on each commit to the table merges manifests: there are some.
void let_commits_merge(scene &s) {
  process &other = s.start_process();
  const table few = set_properties(s.open(other), {{"commit.manifest.min-count-to-merge", "2"}}, {});
  BOOST_REQUIRE((s.end(s.commit(other, few), {}).heard == told::committed));
  s.others_commit(2);
}

/// How many moments there were.
int stall_across_a_sweep(bool is_alone, bool has_merge) {
  for (int before = 1;; ++before) {
    append_scene s;
    if (has_merge) let_commits_merge(s);
    std::string label = s.label;
    if (is_alone) {  // the next commit writes its files before it has asked for its base
      BOOST_TEST((s.commit_to_the_end().heard == told::committed));
      label = s.told().begin(append_kind);
      s.value.emplace(with_change(*s.value, label));
    }
    int number = 0;
    s.direct([&](const sent_request &sent) -> maybe_ways {
      if (sent.from == s.writer.id && ++number == before) s.in().stall(s.writer.id, 100h);
      return std::nullopt;
    });
    const auto running = s.commit_value();
    s.run_until([&] { return number >= before || running->is_ready(); });
    if (running->is_ready()) return before - 1;
    s.pass(90h);
    s.sweep_up();
    BOOST_TEST_CONTEXT("before request " << before << (is_alone ? ", alone" : "") << (has_merge ? ", merging" : "")) {
      // An HTTP client that wakes up has waited for too long.
      const told heard = s.end(running, {label}).heard;
      BOOST_TEST((heard == told::committed || (s.requests().is_http && heard == told::not_committed)));
      s.check();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_commit_that_stalls_across_a_sweep_refers_to_nothing_that_was_swept_up) {
  for (const bool has_merge : {false, true}) {
    for (const bool is_alone : {false, true}) BOOST_TEST(stall_across_a_sweep(is_alone, has_merge) > 3);
  }
}

/// The same where files are written before the base is asked for: what they are written on was known before that.
BOOST_AUTO_TEST_CASE(a_draft_that_stalls_across_a_sweep_refers_to_nothing_that_was_swept_up) {
  int count = 0;
  for (int steps = 0;; ++steps) {
    append_scene s;
    table value = *s.end(s.commit(s.writer, *s.value), {s.label}).committed;
    s.run_to_end();
    const std::string label = s.told().begin(append_kind);
    value = with_change(value, label);
    s.direct_every_body({refused(403, "AccessDenied")});
    BOOST_REQUIRE(
        (s.end(s.commit(s.writer, value), {label}).failed == status::ACCESS_DENIED));  // its manifests are there
    s.direct(nullptr);
    s.pass(46h);
    const auto running = s.commit(s.writer, value);
    int taken = 0;
    s.run_until([&] { return taken++ == steps || running->is_ready(); });
    if (running->is_ready()) break;
    ++count;
    s.in().stall(s.writer.id, 40h);
    s.pass(30h);
    s.sweep_up();
    BOOST_TEST_CONTEXT("after " << steps << " steps") {
      s.end(running, {label});
      s.run_to_end();
      s.check();
    }
  }
  BOOST_TEST(count > 10);
}

/// Where no signature grows old, the writer itself looks at the age of what it is about to send.
BOOST_AUTO_TEST_CASE(a_draft_that_stalls_is_not_sent_to_a_store_that_checks_no_signatures) {
  append_scene s;
  s.store().checks_signatures = false;
  s.direct_every_body({refused(403, "AccessDenied")});
  BOOST_REQUIRE(
      (s.end(s.commit(s.writer, *s.value), {s.label}).failed == status::ACCESS_DENIED));  // its manifests are there
  s.pass(46h);
  bool is_stalled = false;
  s.direct([&](const sent_request &sent) -> maybe_ways {
    const bool is_list = sent.from == s.writer.id && sent.key.find("/snap-") != std::string::npos;
    if (is_list && !std::exchange(is_stalled, true)) s.in().stall(s.writer.id, 40h);
    return std::nullopt;
  });
  const auto running = s.commit(s.writer, *s.value);
  s.run_until([&] { return is_stalled; });
  s.pass(30h);
  s.sweep_up();
  s.end(running, {s.label});
  s.run_to_end();
  s.check();
}

BOOST_AUTO_TEST_CASE(a_create_that_never_landed_is_made_with_new_files) {
  append_scene s;
  while (!s.store().objects().empty()) s.store().remove({s.store().objects().begin()->first});
  const table created = with_change(new_table(s.writer, 0), s.label);
  s.never_land();
  BOOST_TEST((s.end(s.commit(s.writer, created), {s.label}).heard == told::unknown));
  s.let_everything_pass();
  s.pass(96h);
  while (!s.store().objects().empty()) s.store().remove({s.store().objects().begin()->first});
  BOOST_TEST((s.end(s.commit(s.writer, created), {s.label}).heard == told::committed));
  const auto current = s.open(s.start_process()).metadata()->current_snapshot();
  BOOST_REQUIRE(current);
  BOOST_TEST(s.store().objects().contains(s.writer.tables->storage()->key_of(current->manifest_list)));
}

BOOST_AUTO_TEST_CASE(a_value_kept_for_long_writes_its_manifests_anew) {
  append_scene s;
  s.direct_every_body(ways{refused(403, "AccessDenied")});
  BOOST_TEST((s.commit_to_the_end().heard == told::not_committed));
  s.let_everything_pass();
  s.pass(96h);
  s.sweep_up();
  BOOST_TEST((s.commit_to_the_end().heard == told::committed));
  s.check();
}

BOOST_AUTO_TEST_CASE(a_value_that_fails_takes_no_others_files_with_it) {
  append_scene s;
  const std::string column = s.told().begin(column_kind);
  const table with_column = with_change(*s.value, column);
  process &other = s.start_process();
  const std::string rival = s.told().begin(column_kind);
  BOOST_TEST((s.end(s.commit(other, with_change(s.open(other), rival)), {rival}).heard == told::committed));
  BOOST_TEST((s.end(s.commit(s.writer, with_column), {column}).heard == told::not_committed));
  BOOST_TEST((s.commit_to_the_end().heard == told::committed));
  s.check();
}

// Groups and tokens.

BOOST_AUTO_TEST_CASE(a_member_that_is_cancelled_at_any_step_is_told_what_is_so) {
  int cancelled = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    for (int steps = 0;; ++steps) {
      scene s(seed);
      process &writer = s.start_process();
      const table opened = s.open(writer);
      misfortunes &rates = s.requests().rates;
      rates.answer_lost = rates.request_lost = rates.effect_then_error = rates.request_doubled = 0.1;
      std::vector<std::string> labels;
      std::vector<table> values;
      std::vector<std::shared_ptr<operation>> running;
      for (int i = 0; i < 4; ++i) {
        labels.push_back(s.told().begin(append_kind));
        values.push_back(with_change(opened, labels.back()));
        running.push_back(s.commit(writer, values.back()));
      }
      int taken = 0;
      s.run_until([&] { return taken++ == steps || running[2]->is_ready(); });
      if (running[2]->is_ready()) {
        s.run_to_end();  // those that wait in the line keep the line alive
        break;
      }
      ++cancelled;
      running[2]->cancel();
      BOOST_TEST_CONTEXT("seed " << seed << ", after " << steps << " steps") {
        for (int i = 0; i < 4; ++i) s.end(running[i], {labels[i]});
        s.run_to_end();
        s.check();
        rates = misfortunes();
        for (int i = 0; i < 4; ++i) {
          BOOST_TEST((s.end(s.commit(writer, values[i]), {labels[i]}).heard == told::committed));
        }
        s.check();
      }
    }
  }
  BOOST_TEST(cancelled > 100);
}

BOOST_AUTO_TEST_CASE(what_a_token_says_is_lost_cannot_land) {
  append_scene s;
  s.direct_every_body(ways{held(10min)});
  const commit_outcome came = s.commit_to_the_end();
  BOOST_TEST((came.heard == told::unknown));
  BOOST_TEST((s.resolve(s.start_process(), came.token).what == resolution::kind::lost));
  s.told().tell(s.label, told::not_committed);
  s.run_to_end();
  s.check();
}

BOOST_AUTO_TEST_SUITE_END()
