// Values that share changes are committed together and one after another, some under keys, in any weather, some cancelled:
// what is reported to their callers is so, and a key stands for all that its call committed.

#include <fmt/format.h>

#include "failure.h"
#include "simulation/scene.h"
#include "simulation/writer.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(shared_values_test)

namespace {

/// A call of commit: a value, the changes that it has, and perhaps a key of its own.
struct call {
  process *by;
  table value;
  std::vector<std::string> labels;
  std::optional<idempotency_key> key;
  std::shared_ptr<operation> running;
};

const char *name_of(ledger::told heard) {
  return heard == ledger::told::committed ? "committed" : heard == ledger::told::unknown ? "unknown" : "not committed";
}

/// Values of one process, each made from another one or from the table, by one to three changes.
std::vector<call> make_calls(scene &s, process &by) {
  const table opened = s.open(by);
  std::vector<call> calls;
  const int count = static_cast<int>(3 + s.in().below(4));
  for (int i = 0; i < count; ++i) {
    const auto from = calls.empty() ? 0 : static_cast<std::size_t>(s.in().below(std::ssize(calls) + 1));
    call made =
        from == calls.size() ? call{&by, opened, {}, {}, {}} : call{&by, calls[from].value, calls[from].labels, {}, {}};
    for (std::int64_t more = 1 + s.in().below(3); more > 0; --more) {
      made.labels.push_back(s.told().begin(s.in().chance(0.7) ? append_kind : property_kind));
      made.value = with_change(made.value, made.labels.back());
    }
    if (s.in().chance(0.6)) made.key.emplace(fmt::format("application-{}-{}", by.id, i), 1);
    calls.push_back(std::move(made));
  }
  return calls;
}

class callers {
 public:
  callers(std::uint64_t seed, std::map<std::string, int> &counts) : s(seed), counts_(counts) {
    for (int processes = 0; processes < 2; ++processes) {
      for (call &one : make_calls(s, s.start_process())) calls_.push_back(std::move(one));
    }
  }

  void run() {
    misfortunes &rates = s.requests().rates;
    for (double misfortunes::*rate :
         {&misfortunes::request_lost, &misfortunes::answer_lost, &misfortunes::request_doubled,
          &misfortunes::refused_for_now, &misfortunes::effect_then_error})
      rates.*rate = s.in().chance(0.6) ? 0.5 : 0;
    rates.denied = s.in().chance(0.3) ? 0.1 : 0;
    // In any order, and some of them together.
    for (std::size_t started = 0; started < 2 * calls_.size(); ++started) {
      call &one = calls_[static_cast<std::size_t>(s.in().below(std::ssize(calls_)))];
      if (one.running) continue;
      one.running = s.commit(*one.by, one.value, one.key);
      if (s.in().chance(0.4)) {
        s.in().after(s.in().between(1s, 1h), 0, [running = one.running] { running->cancel(); });
      }
      bool is_time = s.in().chance(0.4);
      if (!is_time) s.in().after(s.in().between(1ms, 1min), 0, [&is_time] { is_time = true; });
      hear_until([&] { return is_time; });
    }
    hear_until([] { return false; });
    s.check();
    rates = misfortunes();
    commit_all_again();
    s.check();
    restart_under_each_key();
    s.check();
  }

 private:
  /// What callers hear later is the newer truth, so each is heard at once.
  void hear_until(const std::function<bool()> &is_so) {
    s.run_until([&] {
      for (call &one : calls_) {
        if (!one.running || !one.running->is_ready()) continue;
        hear(one);
        one.running.reset();
      }
      return is_so();
    });
  }

  /// A call that failed says of its value's changes which of them are in the table all the same.
  void hear(call &one) {
    const commit_outcome came = s.end(one.running, {});
    const changes &all = one.value.uncommitted();
    for (std::size_t i = 0; i < all.size(); ++i) {
      s.told().tell(one.labels[i], all[i]->is_committed() ? ledger::told::committed : came.heard);
    }
    ++counts_[name_of(came.heard)];
  }

  void commit_all_again() {
    for (call &one : calls_) {
      BOOST_TEST((s.end(s.commit(*one.by, one.value, one.key), one.labels).heard == ledger::told::committed));
    }
  }

  /// Each key is known, and what is done again under it is not done.
  void restart_under_each_key() {
    for (call &one : calls_) {
      if (!one.key) continue;
      process &again = s.start_process();
      const std::int64_t versions = s.newest_version();
      table anew = with_change(s.open(again), append_kind + std::string("-again"));
      const auto committing = s.commit(again, std::move(anew), one.key);
      s.run_until([&] { return committing->is_ready(); });
      BOOST_TEST(!committing->failure());
      BOOST_TEST(s.newest_version() == versions);
    }
  }

  scene s;
  std::map<std::string, int> &counts_;
  std::vector<call> calls_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(what_callers_of_shared_values_are_told_is_so) {
  std::map<std::string, int> counts;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      callers(seed, counts).run();
    }
  }
  for (const auto &[name, count] : counts) BOOST_TEST_MESSAGE(count << " " << name);
  BOOST_TEST(counts["committed"] > 500);
  BOOST_TEST(counts["not committed"] > 200);
  BOOST_TEST(counts["unknown"] > 15);
}

BOOST_AUTO_TEST_SUITE_END()
