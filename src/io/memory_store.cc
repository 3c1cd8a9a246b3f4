#include "io/memory_store.h"

#include <map>
#include <mutex>
#include <utility>

#include "base/hash.h"
#include "io/listing.h"

namespace evodb {
namespace {

class memory_store final : public object_store {
 public:
  memory_store(std::shared_ptr<runtime> environment, std::string name)
      : environment_(std::move(environment)), root_{"memory", std::move(name), ""} {}

  task<std::optional<object>> get(std::string key, byte_range range) override {
    std::optional<stored> found = find(key);
    if (!found) co_return std::nullopt;
    const byte_range part = range.within(found->meta.size);
    object answer;
    answer.body = found->body->substr(static_cast<std::size_t>(part.offset), static_cast<std::size_t>(part.length));
    answer.meta = std::move(found->meta);
    answer.server_now_ms = environment_->now_ms();
    co_return answer;
  }

  task<std::optional<object_meta>> head(std::string key) override {
    std::optional<stored> found = find(key);
    if (!found) co_return std::nullopt;
    co_return std::move(found->meta);
  }

  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    stored made;
    made.meta.key = key;
    made.meta.size = static_cast<std::int64_t>(body->size());
    made.meta.etag = to_hex(md5(*body));
    made.meta.last_modified_ms = environment_->now_ms();
    made.meta.user_metadata = std::move(options.user_metadata);
    made.body = std::move(body);
    std::string etag = made.meta.etag;
    const bool is_done = store(std::move(key), std::move(made), options.condition);
    co_return put_outcome(is_done ? put_outcome::kind::done : put_outcome::kind::exists,
                          is_done ? std::move(etag) : std::string());
  }

  task<listing> list(list_options options) override {
    std::vector<object_meta> candidates;
    {
      const std::lock_guard held(mutex_);
      for (auto at = objects_.lower_bound(options.prefix);
           at != objects_.end() && at->first.starts_with(options.prefix); ++at) {
        candidates.push_back(at->second.meta);
      }
    }
    co_return make_listing(std::move(candidates), options);
  }

  task<> remove(std::vector<std::string> keys) override {
    const std::lock_guard held(mutex_);
    for (const std::string &key : keys) objects_.erase(key);
    co_return;
  }

  const location &root() const noexcept override { return root_; }
  bool creates_exclusively() const noexcept override { return true; }

 private:
  struct stored {
    object_meta meta;
    std::shared_ptr<const bytes> body;
  };

  std::optional<stored> find(const std::string &key) const {
    const std::lock_guard held(mutex_);
    const auto found = objects_.find(key);
    return found == objects_.end() ? std::nullopt : std::optional(found->second);
  }

  bool store(std::string key, stored made, const put_condition &condition) {
    const std::lock_guard held(mutex_);
    const auto found = objects_.find(key);
    const bool is_there = found != objects_.end();
    if (condition.when == put_condition::kind::if_absent && is_there) return false;
    if (condition.when == put_condition::kind::if_match && (!is_there || found->second.meta.etag != condition.etag)) {
      return false;
    }
    objects_.insert_or_assign(std::move(key), std::move(made));
    return true;
  }

  const std::shared_ptr<runtime> environment_;
  const location root_;
  mutable std::mutex mutex_;
  std::map<std::string, stored> objects_;
};

}  // namespace

std::shared_ptr<object_store> make_memory_store(std::shared_ptr<runtime> environment, std::string name) {
  return std::make_shared<memory_store>(std::move(environment), std::move(name));
}

}  // namespace evodb
