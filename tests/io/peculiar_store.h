#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/object_store.h"

namespace evodb {

/// A store that does not do what stores should, and counts what it is asked.
class peculiar_store : public object_store {
 public:
  explicit peculiar_store(std::shared_ptr<object_store> beneath) : store_(std::move(beneath)) {}

  bool is_known = true;  ///< to create exclusively, by what it is
  bool ignores_if_none_match = false;
  bool ignores_if_match = false;
  bool never_matches = false;
  bool looks_before_it_writes = false;  ///< so that conditions hold one after the other, but not for writers that race
  bool refuses_writes = false;
  std::optional<error> refuses_reads;  ///< with this answer
  bool refuses_deletes = false;
  std::int64_t clock_ahead_ms = 0;
  std::vector<object_meta> unfinished;
  std::function<task<>()> meanwhile;  ///< what happens elsewhere before the first write
  int requests = 0;

  task<std::optional<object>> get(std::string key, byte_range range) override {
    ++requests;
    if (refuses_reads) throw *refuses_reads;
    co_return co_await store_->get(std::move(key), range);
  }
  task<std::optional<object_meta>> head(std::string key) override {
    ++requests;
    std::optional<object_meta> found = co_await store_->head(std::move(key));
    if (found) found->last_modified_ms += clock_ahead_ms;
    co_return found;
  }
  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    ++requests;
    if (const auto happens = std::exchange(meanwhile, nullptr)) co_await happens();
    if (refuses_writes) {
      error refusal(status::ACCESS_DENIED, "the store refuses to write", key);
      co_return put_outcome(put_outcome::kind::failed, std::move(refusal));
    }
    put_condition &condition = options.condition;
    if (condition.when == put_condition::kind::if_match && never_matches) {
      co_return put_outcome(put_outcome::kind::exists, std::string());
    }
    if (looks_before_it_writes && condition.when != put_condition::kind::always) {
      const byte_range everything{0, -1};
      const std::optional<object> now = co_await store_->get(key, everything);
      const bool holds =
          condition.when == put_condition::kind::if_absent ? !now : now && now->meta.etag == condition.etag;
      if (!holds) co_return put_outcome(put_outcome::kind::exists, std::string());
      condition = put_condition();
      co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    }
    if (condition.when == put_condition::kind::if_absent && ignores_if_none_match) condition = put_condition();
    if (condition.when == put_condition::kind::if_match && ignores_if_match) condition = put_condition();
    co_return co_await store_->put(std::move(key), std::move(body), std::move(options));
  }
  task<listing> list(list_options options) override {
    ++requests;
    co_return co_await store_->list(std::move(options));
  }
  task<std::vector<object_meta>> list_unfinished(std::string prefix) override {
    ++requests;
    std::vector<object_meta> found = unfinished;
    std::erase_if(found, [&](const object_meta &one) { return !one.key.starts_with(prefix); });
    co_return found;
  }
  task<> remove(std::vector<std::string> keys) override {
    ++requests;
    if (refuses_deletes) fail(status::ACCESS_DENIED, "the store refuses to delete", keys.front());
    co_await store_->remove(std::move(keys));
  }
  const location &root() const noexcept override { return store_->root(); }
  bool creates_exclusively() const noexcept override { return is_known && store_->creates_exclusively(); }
  std::chrono::nanoseconds rewrite_interval() const noexcept override { return store_->rewrite_interval(); }

 private:
  std::shared_ptr<object_store> store_;
};

}  // namespace evodb
