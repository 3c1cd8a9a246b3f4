#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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
  double in_pieces = 0;          ///< an answer over HTTP that comes little by little
  double delete_half = 0;        ///< of several keys only some are deleted, and the answer is an error
  double denied = 0;             ///< 403 AccessDenied without effect: a definite answer
};

/// A request as it leaves a process.
struct sent_request {
  enum class kind { get, head, put, list, remove };
  process_id from = 0;
  kind what = kind::get;
  std::string key;                           ///< the first one of a remove, the prefix of a list
  std::optional<std::int64_t> signed_at_ms;  ///< where its sender chose that
  std::function<bucket::answer(bucket &)> serve;

  /// It has an effect, which can be doubled or late.
  bool is_write() const noexcept { return what == kind::put || what == kind::remove; }
};

/// The way of one copy of a request to the bucket and back.
struct passage {
  bool arrives = true;
  std::chrono::nanoseconds there = std::chrono::milliseconds(1);
  bool takes_effect = true;
  std::optional<bucket::answer> answer;  ///< instead of the bucket's own
  bool is_answered = true;
  bool breaks = false;  ///< where nothing is answered, the sender sees its connection end
  std::chrono::nanoseconds back = std::chrono::milliseconds(1);
};

/// The way between the processes and the bucket. Counts the misfortunes that it delivered, by their names above.
class network {
 public:
  network(world &in, bucket &to, bool is_http = is_http_by_default()) : is_http(is_http), world_(in), bucket_(to) {}

  misfortunes rates;
  /// Whether processes reach the bucket by HTTP, through the library's own client. Otherwise a request is a call, with
  /// nothing between it and the network.
  const bool is_http;
  /// As EVODB_SIMULATED_STORE=http says.
  static bool is_http_by_default();
  std::chrono::nanoseconds connecting = std::chrono::milliseconds(1);  ///< takes a connection
  /// Where it answers, it decides on the copies of a request instead of chance.
  std::function<std::optional<std::vector<passage>>(const sent_request &)> directions;

  /// `hear` gets every answer that comes back, and null where the connection ended instead.
  void deliver(sent_request what, std::function<void(std::optional<bucket::answer>)> hear);
  /// Null when no answer came in time.
  task<std::optional<bucket::answer>> send(sent_request what);

  bool strikes(double misfortunes::*which, const char *name);
  const std::map<std::string, std::int64_t> &delivered() const noexcept { return delivered_; }
  world &in() noexcept { return world_; }

 private:
  std::vector<passage> passages_of(const sent_request &what);

  world &world_;
  bucket &bucket_;
  std::map<std::string, std::int64_t> delivered_;
};

inline constexpr const char *bucket_name = "simulated";

/// The bucket as a process of a world sees it, through the network.
std::shared_ptr<object_store> make_simulated_store(network &through, std::shared_ptr<simulated_runtime> of);

}  // namespace evodb::simulation
