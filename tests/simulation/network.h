#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "io/object_store.h"
#include "simulation/bucket.h"
#include "simulation/simulated_runtime.h"

namespace evodb::simulation {

/// How likely each misfortune of a request is.
struct misfortunes {
  double request_lost = 0;
  double answer_lost = 0;
  double request_doubled = 0;    ///< a hidden second copy; the answer to either may be the one that arrives
  double very_late = 0;          ///< takes effect after minutes or hours, long after its sender gave up
  double refused_for_now = 0;    ///< 429 or 5xx without effect
  double effect_then_error = 0;  ///< takes effect, and is answered 429, 500, 503 or with something unreadable
  double cut_short = 0;          ///< a read whose body ends too early
  double delete_half = 0;        ///< of several keys only some are deleted, and the answer is an error
  double denied = 0;             ///< 403 AccessDenied without effect: a definite answer
};

/// The way between the processes and the bucket. Counts the misfortunes that it delivered, by their names above.
class network {
 public:
  network(world &in, bucket &to) : world_(in), bucket_(to) {}

  misfortunes rates;

  using request = std::function<bucket::answer(bucket &)>;
  /// Sends a request of a process; null when no answer came in time. `is_write`: it has an effect that can be doubled.
  task<std::optional<bucket::answer>> send(process_id from, request served, bool is_write);

  bool strikes(double misfortunes::*which, const char *name);
  const std::map<std::string, std::int64_t> &delivered() const noexcept { return delivered_; }
  world &in() noexcept { return world_; }

 private:
  world &world_;
  bucket &bucket_;
  std::map<std::string, std::int64_t> delivered_;
};

/// The store as a process of a world sees it, through the network.
std::shared_ptr<object_store> make_simulated_store(network &through, std::shared_ptr<simulated_runtime> of);

}  // namespace evodb::simulation
