#include "simulation/scene.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <utility>

#include "simulation/cleaner.h"
#include "simulation/oracle.h"
#include "simulation/sweeper.h"
#include "simulation/writer.h"
#include "table/commit/commit.h"
#include "table/open_table.h"

namespace evodb::simulation {

using namespace std::chrono_literals;

namespace {

constexpr int most_steps_of_a_scene = 1'000'000;

}  // namespace

scene::scene(std::uint64_t seed, int max_snapshots, bool is_http)
    : world_(seed), bucket_(world_), network_(world_, bucket_, is_http) {
  process &maker = start_process();
  calmly(maker, [&]() -> task<> {
    table made = new_table(maker, max_snapshots);
    co_await evodb::commit(std::move(made));
  });
}

std::uint64_t scene::default_seed(std::uint64_t otherwise) {
  const char *chosen = std::getenv("EVODB_SCENE_SEED");
  return chosen == nullptr ? otherwise : std::strtoull(chosen, nullptr, 10);
}

scene::~scene() {
  world_.drop_everything();  // frames refer to the processes
}

process &scene::start_process(std::chrono::milliseconds clock_error) {
  return processes_.emplace_back(world_, network_, clock_error);
}

void scene::calmly(process &by, const std::function<task<>()> &body) {
  const misfortunes rates = std::exchange(network_.rates, misfortunes());
  const auto running = operation::start(by.environment, [&]() -> task<std::shared_ptr<void>> {
    co_await body();
    co_return nullptr;
  });
  run_until([&] { return running->is_ready(); });
  network_.rates = rates;
  if (running->failure()) std::rethrow_exception(running->failure());
}

table scene::open(process &by) {
  std::optional<table> opened;
  calmly(by, [&]() -> task<> {
    std::shared_ptr<table_context> context = by.tables->find(table_name);
    opened = co_await open_table(std::move(context));
  });
  return *opened;
}

void scene::others_commit(int times) {
  for (int i = 0; i < times; ++i) {
    process &other = start_process();
    const std::string label = told_.begin(append_kind);
    const misfortunes rates = std::exchange(network_.rates, misfortunes());
    const commit_outcome came = end(commit(other, with_change(open(other), label)), {label});
    network_.rates = rates;
    BOOST_REQUIRE((came.heard == ledger::told::committed));
  }
}

void scene::clean_up() {
  process &cleaner = start_process();
  calmly(cleaner, [&]() -> task<> { co_await clean_once(cleaner); });
}

void scene::sweep_up() {
  process &sweeper = start_process();
  calmly(sweeper, [&]() -> task<> { co_await sweep_once(sweeper); });
}

std::shared_ptr<operation> scene::commit(process &by, table value, std::optional<idempotency_key> key) {
  return operation::start(by.environment,
                          [value = std::move(value), key = std::move(key)]() -> task<std::shared_ptr<void>> {
                            table same = value;
                            std::optional<idempotency_key> own = key;
                            table committed = co_await evodb::commit(std::move(same), std::move(own));
                            co_return std::make_shared<table>(std::move(committed));
                          });
}

commit_outcome scene::end(const std::shared_ptr<operation> &commit, const std::vector<std::string> &labels) {
  run_until([&] { return commit->is_ready(); });
  commit_outcome came;
  if (commit->is_ready() && !commit->failure()) {
    came.heard = ledger::told::committed;
    came.committed = *std::static_pointer_cast<table>(commit->take());
  } else if (commit->is_ready()) {
    try {
      std::rethrow_exception(commit->failure());
    } catch (const error &thrown) {
      came.failed = thrown.code();
      came.token = thrown.commit_token;
      if (thrown.code() != status::COMMIT_STATE_UNKNOWN) came.heard = ledger::told::not_committed;
    }
  }
  for (const std::string &label : labels) told_.tell(label, came.heard);
  return came;
}

resolution scene::resolve(process &by, std::string token) {
  const auto running = operation::start(by.environment, [&]() -> task<std::shared_ptr<void>> {
    std::shared_ptr<table_context> context = by.tables->find(table_name);
    commit_token parsed = commit_token::parse(token);
    resolution found = co_await evodb::resolve(std::move(context), std::move(parsed));
    co_return std::make_shared<resolution>(found);
  });
  run_until([&] { return running->is_ready(); });
  if (running->failure()) std::rethrow_exception(running->failure());
  return *std::static_pointer_cast<resolution>(running->take());
}

void scene::pass(std::chrono::nanoseconds time) {
  bool is_over = false;
  world_.after(time, 0, [&] { is_over = true; });
  run_until([&] { return is_over; });
}

void scene::run_until(const std::function<bool()> &is_so) {
  for (int steps = 0; !is_so() && world_.step(); ++steps)
    BOOST_REQUIRE(steps < most_steps_of_a_scene);  // it has to end
}

void scene::run_to_end() {
  run_until([] { return false; });
}

void scene::check() {
  std::map<std::string, std::int64_t> counts;
  for (const std::string &what : judge(bucket_, told_, counts)) BOOST_ERROR(what);
}

std::int64_t scene::newest_version() const {
  return static_cast<std::int64_t>(bucket_.versions().size());
}

}  // namespace evodb::simulation
