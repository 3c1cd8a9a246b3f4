#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "io/object_store.h"

namespace evodb::table_tests {

/// What becomes of one write of a version's metadata.
enum class fault {
  none,
  lost_before,   ///< not written, and the answer says nothing
  lost_after,    ///< written, and the answer says nothing
  thrown_after,  ///< written, and the store breaks
  hidden_copy,   ///< written, and the answer is that to a second copy: it exists
  refused,       ///< definitely not written
  overtaken,     ///< another writer's body lands first, and the answer says nothing
};

/// A store that plays faults, in order, on writes of v<N>.metadata.json, and on demand fails or cuts short reads of
/// those that it played one on. Any thread.
class faulty_store : public object_store {
 public:
  explicit faulty_store(std::shared_ptr<object_store> beneath) : store_(std::move(beneath)) {}

  void play(std::deque<fault> faults) {
    const std::lock_guard<std::mutex> held(state_);
    faults_ = std::move(faults);
    disturbed_.clear();
  }
  /// Called before the faulty write of `overtaken`.
  std::function<task<>()> overtake;
  bool reads_fail = false;
  bool reads_are_cut = false;
  bool heads_fail = false;  ///< of every version
  bool syncs_fail = false;

  task<std::optional<object>> get(std::string key, byte_range range) override {
    const bool is_disturbed = was_disturbed(key);
    if (is_disturbed && reads_fail) fail(status::STORAGE_UNAVAILABLE, "the store does not answer", key);
    std::optional<object> found = co_await store_->get(std::move(key), range);
    if (is_disturbed && reads_are_cut && found) found->body.resize(found->body.size() / 2);
    co_return found;
  }
  task<std::optional<object_meta>> head(std::string key) override {
    if (heads_fail && is_version_key(key)) fail(status::STORAGE_UNAVAILABLE, "the store does not answer", key);
    co_return co_await store_->head(std::move(key));
  }
  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    fault played = fault::none;
    if (is_version_key(key)) {
      const std::lock_guard<std::mutex> held(state_);
      if (!faults_.empty()) {
        played = faults_.front();
        faults_.pop_front();
        if (played != fault::none) disturbed_.insert(key);
      }
    }
    error lost(status::STORAGE_UNAVAILABLE, "the answer never came", key);
    if (played == fault::lost_before) co_return put_outcome(put_outcome::kind::unknown, std::move(lost));
    if (played == fault::refused) {
      error refusal(status::ACCESS_DENIED, "refused", key);
      co_return put_outcome(put_outcome::kind::failed, std::move(refusal));
    }
    if (played == fault::overtaken) co_await overtake();
    put_outcome answer = co_await store_->put(std::move(key), std::move(body), std::move(options));
    switch (played) {
      case fault::lost_after:
      case fault::overtaken:
        co_return put_outcome(put_outcome::kind::unknown, std::move(lost));
      case fault::thrown_after:
        throw std::runtime_error("the connection's own exception");
      case fault::hidden_copy:
        answer.what = put_outcome::kind::exists;
        break;
      default:
        break;
    }
    co_return answer;
  }
  task<> make_durable(std::string key) override {
    if (syncs_fail) fail(status::STORAGE_UNAVAILABLE, "it may be lost again", key);
    co_await store_->make_durable(std::move(key));
  }
  task<listing> list(list_options options) override { co_return co_await store_->list(std::move(options)); }
  task<> remove(std::vector<std::string> keys) override { co_await store_->remove(std::move(keys)); }
  const location &root() const noexcept override { return store_->root(); }
  bool creates_exclusively() const noexcept override { return store_->creates_exclusively(); }
  std::chrono::nanoseconds rewrite_interval() const noexcept override { return store_->rewrite_interval(); }

 private:
  static bool is_version_key(const std::string &key) { return key.ends_with(".metadata.json"); }
  bool was_disturbed(const std::string &key) {
    const std::lock_guard<std::mutex> held(state_);
    return disturbed_.contains(key);
  }

  std::shared_ptr<object_store> store_;
  std::mutex state_;
  std::set<std::string> disturbed_;
  std::deque<fault> faults_;
};

/// The production runtime but for its pauses, which take no time, and its clock, which can be moved on.
class impatient_runtime : public runtime {
 public:
  explicit impatient_runtime(std::shared_ptr<runtime> real) : real_(std::move(real)) {}

  std::atomic<std::int64_t> later_ms = 0;

  executor io() override { return real_->io(); }
  executor cpu() override { return real_->cpu(); }
  void start_blocking(std::function<void()> work) override { real_->start_blocking(std::move(work)); }
  executor callbacks() override { return real_->callbacks(); }
  int cpu_threads() const noexcept override { return real_->cpu_threads(); }
  std::int64_t now_ms() override { return real_->now_ms() + later_ms; }
  steady_time steady_now() override { return real_->steady_now(); }
  task<> sleep(std::chrono::nanoseconds) override { co_return; }
  void random(std::span<std::uint8_t> out) override { real_->random(out); }
  memory_budget &memory() noexcept override { return real_->memory(); }
  bool owns_this_thread() const noexcept override { return real_->owns_this_thread(); }

 private:
  std::shared_ptr<runtime> real_;
};

}  // namespace evodb::table_tests
