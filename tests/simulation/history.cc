#include "simulation/history.h"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <utility>

#include "simulation/cleaner.h"
#include "simulation/ledger.h"
#include "simulation/oracle.h"
#include "simulation/process.h"
#include "simulation/reader.h"
#include "simulation/sweeper.h"
#include "table/commit/commit.h"

namespace evodb::simulation {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr std::int64_t most_steps = 60'000'000;
/// A process that begins anew after each crash need never end otherwise: a reader, say, of more files than it has time for.
constexpr std::int64_t most_crashes = 100;

class history {
 public:
  explicit history(const history_plan &plan)
      : plan_(plan), world_(plan.seed), bucket_(world_), network_(world_, bucket_) {
    if (plan.tells_the_story) world_.tell_the_story();
    bucket_.limits_writes = plan.limits_writes;
  }
  ~history() {
    world_.drop_everything();  // frames refer to what is declared after the world
  }

  history_result run() {
    make_table();
    network_.rates = plan_.rates;
    for (int i = 0; i < plan_.writers; ++i) start_writer(plan_.commits_each);
    for (int i = 0; i < plan_.keyed_applications; ++i) {
      const std::string application = fmt::format("app{}", i);
      for (int twin = 0; twin < 2; ++twin) start_keyed_writer(application);
    }
    if (plan_.cleaning_rounds > 0) start_cleaner();
    if (plan_.sweeping_rounds > 0) start_sweeper();
    if (plan_.reading_rounds > 0) start_reader();
    std::int64_t steps = 0;
    while (world_.step()) {
      if (++steps > most_steps) {
        violations_.push_back("the history does not end");
        break;
      }
      disturb();
    }
    return result();
  }

 private:
  struct running {
    std::shared_ptr<process> what;
    std::function<void()> start_again;  ///< after a crash
    bool is_done = false;
  };

  void make_table() {
    auto creator = std::make_shared<process>(world_, network_, 0ms);
    auto create = [this, creator]() -> task<> {
      table made = new_table(*creator, plan_.max_snapshots);
      co_await commit(std::move(made));
    };
    asio::co_spawn(creator->environment->io(), create, [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
    while (world_.step()) {
    }
    processes_.push_back({creator, nullptr, true});
  }

  void start_writer(int commits) {
    auto work = [this, commits](std::shared_ptr<process> self) -> task<> {
      co_await write(std::move(self), told_, commits, plan_.shares, plan_.longest_pause);
    };
    start(work, [this] { start_writer(plan_.commits_each / 2); });
  }

  void start_keyed_writer(std::string application) {
    auto work = [this, application](std::shared_ptr<process> self) -> task<> {
      std::string same = application;
      co_await write_with_keys(std::move(self), told_, std::move(same), plan_.keyed_commits_each, plan_.longest_pause);
    };
    start(work, [this, application] { start_keyed_writer(application); });
  }

  void start_cleaner() {
    auto work = [this](std::shared_ptr<process> self) -> task<> {
      co_await clean(std::move(self), plan_.cleaning_rounds);
    };
    start(work, [this] { start_cleaner(); });
  }

  void start_sweeper() {
    auto work = [this](std::shared_ptr<process> self) -> task<> {
      co_await sweep(std::move(self), plan_.sweeping_rounds);
    };
    start(work, [this] { start_sweeper(); });
  }

  void start_reader() {
    auto work = [this](std::shared_ptr<process> self) -> task<> {
      co_await read(std::move(self), plan_.reading_rounds,
                    [this](std::string what) { violations_.push_back(std::move(what)); });
    };
    start(work, [this] { start_reader(); });
  }

  void start(std::function<task<>(std::shared_ptr<process>)> does, std::function<void()> start_again) {
    const std::int64_t worst = plan_.worst_clock_error.count();
    const std::chrono::milliseconds clock_error(worst == 0 ? 0 : world_.below(2 * worst + 1) - worst);
    auto made = std::make_shared<process>(world_, network_, clock_error);
    const std::size_t index = processes_.size();
    processes_.push_back({made, std::move(start_again), false});
    auto body = [made, does = std::move(does)]() -> task<> {
      auto self = made;
      co_await does(std::move(self));
    };
    asio::co_spawn(made->environment->io(), body, [this, index](std::exception_ptr failure) {
      processes_[index].is_done = true;
      if (!failure) return;
      try {
        std::rethrow_exception(failure);
      } catch (const std::exception &thrown) {
        violations_.push_back(fmt::format("a process broke: {}", thrown.what()));
      }
    });
  }

  /// Crashes and stalls come between any two steps.
  void disturb() {
    if (plan_.crash == 0 && plan_.stall == 0) return;
    const bool crashes = world_.chance(plan_.crash) && counts_["crashes"] < most_crashes;
    const bool stalls = world_.chance(plan_.stall);
    if (!crashes && !stalls) return;
    std::vector<std::size_t> alive;
    for (std::size_t i = 0; i < processes_.size(); ++i) {
      if (!processes_[i].is_done) alive.push_back(i);
    }
    if (alive.empty()) return;
    const std::size_t chosen = alive[static_cast<std::size_t>(world_.below(static_cast<std::int64_t>(alive.size())))];
    const process_id id = processes_[chosen].what->id;
    if (crashes) {
      ++counts_["crashes"];
      processes_[chosen].is_done = true;
      world_.kill(id);
      const std::function<void()> start_again = processes_[chosen].start_again;
      start_again();
    } else {
      ++counts_["stalls"];
      const std::chrono::nanoseconds pause = world_.between(1s, 60h);
      world_.stall(id, pause);
      // A suspended machine's clock stands still as well. It learns the time from refusals, which HTTP alone has here.
      if (!network_.is_http || !world_.chance(0.5)) return;
      ++counts_["clocks that stood still"];
      processes_[chosen].what->environment->lose_time(std::chrono::duration_cast<std::chrono::milliseconds>(pause));
    }
  }

  history_result result() {
    history_result came;
    came.violations = judge(bucket_, told_, came.counts);
    came.violations.insert(came.violations.end(), violations_.begin(), violations_.end());
    for (const auto &[name, count] : counts_) came.counts[name] += count;
    for (const auto &[name, count] : network_.delivered()) came.counts[name] += count;
    for (const char *name : {"signatures refused", "writes limited"}) came.counts[name] += bucket_.count(name);
    came.counts["changes acknowledged"] = told_.count(ledger::told::committed);
    came.counts["changes unknown"] = told_.count(ledger::told::unknown) + told_.count(ledger::told::nothing);
    came.counts["changes refused"] = told_.count(ledger::told::not_committed);
    for (const char *name : {"versions cleaned away", "other files removed"}) came.counts[name] = bucket_.count(name);
    came.counts["versions"] = static_cast<std::int64_t>(bucket_.versions().size());
    came.story = world_.story();
    return came;
  }

  const history_plan plan_;
  world world_;
  bucket bucket_;
  network network_;
  ledger told_;
  std::vector<running> processes_;
  std::map<std::string, std::int64_t> counts_;
  std::vector<std::string> violations_;
};

}  // namespace

history_plan history_plan::of_seed(std::uint64_t seed) {
  world dice(seed ^ 0x9e3779b97f4a7c15u);
  // Each history has its own weather: some have rarely any misfortune, some one kind often, some all.
  const auto rate = [&] {
    return dice.chance(0.3) ? 0.0 : std::chrono::duration<double>(dice.between(1ms, 150ms)).count();
  };
  history_plan plan;
  plan.seed = seed;
  plan.writers = static_cast<int>(2 + dice.below(dice.chance(0.2) ? 31 : 7));
  plan.commits_each = static_cast<int>(3 + dice.below(12));
  plan.keyed_commits_each = plan.commits_each;
  plan.longest_pause = dice.between(100ms, 1h);
  plan.rates.request_lost = rate();
  plan.rates.answer_lost = rate();
  plan.rates.request_doubled = rate();
  plan.rates.very_late = rate() / 3;
  plan.rates.refused_for_now = rate();
  plan.rates.effect_then_error = rate();
  plan.rates.cut_short = rate() / 3;
  plan.rates.in_pieces = rate();
  plan.rates.delete_half = rate();
  plan.rates.denied = rate() / 10;
  plan.crash = rate() / 300;
  plan.stall = rate() / 300;
  plan.worst_clock_error = std::chrono::minutes(dice.below(3) * 2);
  plan.limits_writes = dice.chance(0.5);
  if (dice.chance(0.4)) {
    plan.cleaning_rounds = 60;
    plan.longest_pause = dice.between(1h, 48h);
    plan.stall = 0.003;  // days pass in few steps here
    plan.sweeping_rounds = 30;
  }
  plan.keyed_applications = static_cast<int>(dice.below(3));
  if (dice.chance(0.5)) plan.max_snapshots = static_cast<int>(1 + dice.below(8));
  plan.reading_rounds = static_cast<int>(dice.below(10));
  if (dice.chance(0.6)) plan.shares.step = std::chrono::duration<double>(dice.between(100ms, 700ms)).count();
  return plan;
}

history_result run(const history_plan &plan) {
  return history(plan).run();
}

}  // namespace evodb::simulation
