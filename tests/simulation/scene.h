#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/operation.h"
#include "simulation/ledger.h"
#include "simulation/network.h"
#include "simulation/process.h"
#include "table/commit/resolve.h"

namespace evodb::simulation {

/// What the caller of a commit got.
struct commit_outcome {
  ledger::told heard = ledger::told::unknown;
  std::optional<status> failed;  ///< null when it did not fail, or when its process died
  std::optional<table> committed;
  std::string token;
};

/// A world with a table in it, of which version 1 is committed. A test directs who does what in it, and when; without
/// its directions and rates the weather is calm.
class scene {
 public:
  explicit scene(std::uint64_t seed = default_seed(5), int max_snapshots = 0,
                 bool is_http = network::is_http_by_default());
  ~scene();

  /// Of scenes that a test directs, which hold with every seed: EVODB_SCENE_SEED where that is set.
  static std::uint64_t default_seed(std::uint64_t otherwise);

  world &in() noexcept { return world_; }
  bucket &store() noexcept { return bucket_; }
  network &requests() noexcept { return network_; }
  ledger &told() noexcept { return told_; }

  /// Lives as long as the scene.
  process &start_process(std::chrono::milliseconds clock_error = {});

  /// In calm weather.
  table open(process &by);
  void others_commit(int times);  ///< each from a process of its own, one after another
  void clean_up();                ///< of old versions, as far as the rules allow it
  void sweep_up();                ///< of orphans

  std::shared_ptr<operation> commit(process &by, table value, std::optional<idempotency_key> key = std::nullopt);
  /// Waits for its end, and keeps account of what was heard of the changes.
  commit_outcome end(const std::shared_ptr<operation> &commit, const std::vector<std::string> &labels);
  resolution resolve(process &by, std::string token);

  void pass(std::chrono::nanoseconds time);
  /// Ends early when nothing is left to happen.
  void run_until(const std::function<bool()> &is_so);
  void run_to_end();

  /// Reports whatever is wrong as a failure of the test.
  void check();
  std::int64_t newest_version() const;

 private:
  void calmly(process &by, const std::function<task<>()> &body);

  world world_;
  bucket bucket_;
  network network_;
  ledger told_;
  std::deque<process> processes_;
};

}  // namespace evodb::simulation
