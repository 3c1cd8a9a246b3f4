#include "catalog/filesystem/slot.h"

#include <chrono>
#include <memory>
#include <utility>

#include "catalog/filesystem/metadata_files.h"
#include "runtime/cancellation.h"

namespace evodb {
namespace {

constexpr int most_tries = 8;
constexpr std::chrono::milliseconds first_pause{50};
constexpr const char *attempt_key = "evodb-attempt";

/// Doubles from try to try, with full jitter so that rivals part.
std::chrono::nanoseconds pause_before(runtime &environment, int tries) {
  const auto longest = std::chrono::nanoseconds(first_pause) * (std::int64_t{1} << tries);
  return std::chrono::nanoseconds(static_cast<std::int64_t>(environment.random_u64() % static_cast<std::uint64_t>(longest.count())));
}

}  // namespace

slot::slot(std::shared_ptr<const storage> where, location table) : storage_(std::move(where)), table_(std::move(table)) {}

task<put_outcome> slot::send(const commit_attempt &attempt) {
  put_options options{put_condition(put_condition::kind::if_absent)};
  options.content_type = "application/json";
  options.user_metadata.emplace_back(attempt_key, attempt.attempt_id);
  options.signed_at_ms = attempt.signed_at_ms;
  options.may_repeat = false;
  const std::string key = metadata_file_location(table_, attempt.version).key;
  co_return co_await storage_->store().put(key, attempt.body, std::move(options));
}

/// Reads the slot, and sends the same bytes again while it is empty. The body holds the attempt's id, so equal bytes are the attempt itself; an
/// ETag would not tell two writers apart that made the same bytes.
task<slot::outcome> slot::find_out(const commit_attempt &attempt) {
  const std::string key = metadata_file_location(table_, attempt.version).key;
  std::string last_reason = "the slot stayed empty, but a copy of the write may still land";
  for (int tries = 0; tries < most_tries; ++tries) {
    try {
      if (tries > 0) {
        const auto pause = pause_before(*storage_->environment(), tries);
        co_await storage_->environment()->sleep(pause);
      }
      const byte_range everything{0, -1};
      const std::optional<object> found = co_await storage_->store().get(key, everything);
      if (found) co_return outcome(found->body == *attempt.body ? fate::ours : fate::taken);
      const put_outcome again = co_await send(attempt);
      if (again.what == put_outcome::kind::done) co_return outcome(fate::ours);
      if (again.reason) last_reason = again.reason->message();
    } catch (const error &unreadable) {
      last_reason = unreadable.message();  // decides nothing
    }
    if (co_await is_cancelled()) break;
  }
  co_return outcome(fate::unknown, error(status::COMMIT_STATE_UNKNOWN, std::move(last_reason), key));
}

task<slot::outcome> slot::fill(commit_attempt attempt, bool sent_before) {
  // From the first byte on, being asked to stop must not hide what the store answered.
  co_await ignore_cancellation();
  if (!sent_before) {
    put_outcome first = co_await send(attempt);
    if (first.what == put_outcome::kind::done) co_return outcome(fate::ours);
    if (first.what == put_outcome::kind::failed) throw std::move(*first.reason);
  }
  co_return co_await find_out(attempt);
}

}  // namespace evodb
