#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/location.h"
#include "http/http_client.h"
#include "io/object_store.h"
#include "io/s3/credentials.h"
#include "io/s3/endpoint.h"
#include "io/s3/refusals.h"
#include "io/s3/request_counters.h"
#include "runtime/trace.h"

namespace evodb {

struct s3_settings {
  endpoint to;
  std::string region = "auto";
  credentials_source by;
  std::string identity;  ///< of its store; empty where it is not known who `by` is
  std::chrono::nanoseconds retry_budget = std::chrono::seconds(60);  ///< for one operation, all of its tries
};

/// Takes from an answer of status 2xx what it has to say. Throws where that is not what the operation's success looks
/// like: with the store's code where it gives one for a part of what was asked, otherwise the answer proves nothing.
using success_reader = std::function<void(http_answer &)>;

/// R2 takes one write of a key a second, and answers 429 to those on top of it.
inline constexpr std::chrono::seconds rewrite_interval{1};

/// Signs requests to one bucket and sends them, again and again as far as that is safe. Any thread.
class s3_client {
 public:
  s3_client(std::shared_ptr<evodb::runtime> environment, std::shared_ptr<http_client> client, s3_settings settings);

  evodb::runtime &runtime() const noexcept { return *environment_; }
  const location &root() const noexcept { return root_; }
  bool is_cloudflares() const noexcept { return settings_.to.is_cloudflares(); }
  std::string location_of(const std::string &key) const { return root_.child(key).to_text(); }

  /// To an object; to the bucket where the key is empty.
  http_request request(const char *method, std::string_view key) const;

  /// Asks what may be asked as often as it takes, until the retry budget is spent: the last answer then, or its failure.
  /// One of status 2xx has been read by `read`; what proves nothing is asked again twice. A read that is refused because
  /// of the key is, too, within three seconds, as long as the store has not accepted it once: in outages stores refuse
  /// good keys.
  task<http_answer> ask(http_request request, std::string about, success_reader read);
  /// A write whose answer matters, sent once: its outcome, whatever it is.
  task<put_outcome> write_once(http_request request, std::string key, std::optional<std::int64_t> signed_at_ms);

  std::int64_t clock_ahead_ms() const noexcept { return server_ahead_ms_; }
  std::int64_t count_of(store_counter which) const noexcept;

  put_outcome outcome_of(const http_answer &answer, const std::string &key) const;
  /// The store's refusal as an error.
  error refused(const http_answer &answer, const std::string &key, refused_request::kind what) const;
  /// An answer that proves nothing, as an error; `why` says what it lacks.
  error unproved(const http_answer &answer, const std::string &key, std::string_view why) const;

 private:
  task<http_answer> send(const http_request &request, const std::string &key, bool is_retry,
                         exchange_progress &progress);
  task<> sign_now(http_request &request, std::optional<std::int64_t> at_ms);
  void describe(traced_span &span, const http_request &request) const;
  void describe(traced_span &span, const http_answer &answer) const;
  bool learns_time(const http_answer &answer);
  struct course;
  bool is_settled(const http_request &request, http_answer &answer, const std::string &about,
                  const success_reader &read, course &so_far);
  bool is_proved(http_answer &answer, const success_reader &read, course &so_far);
  std::chrono::nanoseconds pause_before(const http_request &request, course &so_far);
  std::chrono::nanoseconds jitter(std::chrono::nanoseconds below);
  refused_request described(const std::string &key, refused_request::kind what) const;

  const std::shared_ptr<evodb::runtime> environment_;
  const std::shared_ptr<http_client> client_;
  const s3_settings settings_;
  const location root_;
  std::atomic<std::int64_t> server_ahead_ms_{0};
  std::atomic<bool> was_accepted_{false};  ///< the key, by the store, at least once
  request_counters counters_;
};

/// The store's clock, where the answer has it.
std::optional<std::int64_t> server_time(const http_answer &answer);

}  // namespace evodb
