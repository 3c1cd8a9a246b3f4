// A commit is cancelled, let go of or killed before each of its steps: what its caller is told is so, and doing it again
// under its key has it there once.

#include <optional>

#include "failure.h"
#include "runtime/operation.h"
#include "simulation/oracle.h"
#include "simulation/writer.h"
#include "table/commit.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

namespace {

enum class interruption { cancelled, let_go, killed };

const idempotency_key key("job", 1);
const std::string label = "append-1";

/// A world with a table in it, and one process that commits an append to it.
class interrupted_commit {
 public:
  explicit interrupted_commit(std::uint64_t seed) : world_(seed), bucket_(world_), network_(world_, bucket_) {
    process maker(world_, network_, 0ms);
    run_to_end(commit_on(maker, new_table(maker, 0), std::nullopt));
    self_.emplace(world_, network_, 0ms);
    told_.begin_keyed(label);
  }
  ~interrupted_commit() { world_.drop_everything(); }

  /// False when the commit had ended before that many steps.
  bool run(int steps, interruption how) {
    // Each history has its own weather, and most have some.
    network_.rates.request_lost = network_.rates.answer_lost = network_.rates.request_doubled = 0.15;
    network_.rates.refused_for_now = network_.rates.effect_then_error = 0.15;
    std::shared_ptr<operation> running = commit_on(*self_, opened_with_append(*self_), key);
    int taken = 0;
    while (taken < steps && !running->is_ready() && world_.step()) ++taken;
    const bool is_interrupted = !running->is_ready();
    if (how == interruption::cancelled) running->cancel();
    if (how == interruption::killed) world_.kill(self_->id);
    if (how == interruption::let_go) {
      running.reset();
    } else {
      tell(run_to_end(running));
    }
    while (world_.step()) {
    }
    check("after the interruption");
    network_.rates = misfortunes();
    process again(world_, network_, 0ms);
    tell(run_to_end(commit_on(again, opened_with_append(again), key)));
    BOOST_TEST((told_.count(ledger::told::committed) == 1));
    check("after doing it again");
    return is_interrupted;
  }

 private:
  std::shared_ptr<operation> commit_on(process &of, table value, std::optional<idempotency_key> under) {
    auto body = [value = std::move(value), under = std::move(under)]() -> task<std::shared_ptr<void>> {
      table same = value;
      std::optional<idempotency_key> own = under;
      co_await commit(std::move(same), std::move(own));
      co_return nullptr;
    };
    return operation::start(of.environment, body);
  }

  table opened_with_append(process &of) {
    const misfortunes rates = std::exchange(network_.rates, misfortunes());
    auto body = [&]() -> task<std::shared_ptr<void>> {
      table opened = co_await open_table(of.tables->find(table_name));
      co_return std::make_shared<table>(with_change(opened, label));
    };
    const auto opening = operation::start(of.environment, body);
    while (!opening->is_ready() && world_.step()) {
    }
    network_.rates = rates;
    return *std::static_pointer_cast<table>(opening->take());
  }

  /// What it failed with; null when it did not. A process that was killed never ends.
  std::optional<status> run_to_end(const std::shared_ptr<operation> &running) {
    while (!running->is_ready() && world_.step()) {
    }
    if (!running->is_ready()) return status::COMMIT_STATE_UNKNOWN;
    if (!running->failure()) return std::nullopt;
    try {
      std::rethrow_exception(running->failure());
    } catch (const error &failed) {
      return failed.code();
    }
  }

  void tell(std::optional<status> failed) {
    told_.tell(label, !failed                                   ? ledger::told::committed
                      : *failed == status::COMMIT_STATE_UNKNOWN ? ledger::told::unknown
                                                                : ledger::told::not_committed);
  }

  void check(const char *when) {
    std::map<std::string, std::int64_t> counts;
    for (const std::string &what : judge(bucket_, told_, counts)) BOOST_ERROR(when << ": " << what);
  }

  world world_;
  bucket bucket_;
  network network_;
  ledger told_;
  std::optional<process> self_;
};

void interrupt_at_each_step(interruption how) {
  constexpr std::uint64_t seeds = 10;
  int interrupted = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    for (int steps = 0;; ++steps) {
      BOOST_TEST_CONTEXT("seed " << seed << ", after " << steps << " steps") {
        interrupted_commit one(seed);
        if (!one.run(steps, how)) break;
      }
      ++interrupted;
    }
  }
  BOOST_TEST_MESSAGE(interrupted << " interrupted");
  BOOST_TEST(interrupted > 200);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interruption_test)

BOOST_AUTO_TEST_CASE(cancelled_before_each_step) {
  interrupt_at_each_step(interruption::cancelled);
}
BOOST_AUTO_TEST_CASE(let_go_of_before_each_step) {
  interrupt_at_each_step(interruption::let_go);
}
BOOST_AUTO_TEST_CASE(killed_before_each_step) {
  interrupt_at_each_step(interruption::killed);
}

BOOST_AUTO_TEST_SUITE_END()
