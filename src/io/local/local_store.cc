#include "io/local/local_store.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "base/hash.h"
#include "io/local/durable_folders.h"
#include "io/local/file_descriptor.h"
#include "io/local/hidden_files.h"
#include "io/local/local_file.h"
#include "io/local/local_listing.h"
#include "io/local/local_names.h"
#include "io/local/replacement_lock.h"
#include "io/local/system_failure.h"
#include "io/local/unpublished_file.h"
#include "runtime/abandonable_call.h"
#include "runtime/cancellation.h"
#include "runtime/deadline.h"

namespace evodb {
namespace {

using kind = put_outcome::kind;

/// Less than a commit waits for its hint, so that it can say why that was not moved.
constexpr std::chrono::seconds longest_wait_for_a_lock{4};
constexpr std::chrono::milliseconds shortest_pause{1}, longest_pause{32};
constexpr std::int64_t piece_bytes = std::int64_t{8} << 20;

/// Refuses what the system would understand as another name: a NUL ends a path, "." and ".." lead elsewhere.
std::string path_of(const std::string &key) {
  bool is_plain = !key.empty() && key.back() != '/' && key.find('\0') == std::string::npos;
  for (std::size_t begin = 0; is_plain && begin < key.size();) {
    const std::size_t end = std::min(key.find('/', begin), key.size());
    const std::string_view segment = std::string_view(key).substr(begin, end - begin);
    is_plain = segment != "." && segment != "..";
    begin = end + 1;
  }
  if (!is_plain) fail(status::INVALID_ARGUMENT, fmt::format("not a name of a file: '{}'", key), key);
  return "/" + key;
}

bool is_there(const std::string &path) {
  struct stat about;
  if (::lstat(path.c_str(), &about) != 0) return false;  // any other trouble shows when it is written
  if (S_ISDIR(about.st_mode)) fail(status::INVALID_ARGUMENT, fmt::format("a folder, not a file: {}", path), path);
  return true;
}

/// Hadoop's file system keeps a checksum beside a file, and does not believe a file that has a stale one.
void remove_stale_checksum(const std::string &path) {
  const std::string checksum = checksum_key_of(path);
  if (::unlink(checksum.c_str()) != 0 && errno != ENOENT && errno != ENAMETOOLONG)
    fail_system(errno, "delete Hadoop's checksum of what this file was, which Hadoop would hold against it", checksum);
}

/// Of what its caller has left meanwhile: nothing is published any more that no one asks for.
put_outcome left() {
  return put_outcome(kind::failed, error(status::CANCELLED, "cancelled"));
}

put_outcome publish_exclusively(unpublished_file &made, const std::string &path, const std::atomic<bool> &is_left) {
  if (is_left) return left();
  remove_stale_checksum(path);
  return made.publish_exclusively();
}

put_outcome publish(unpublished_file &made, const std::string &path, const std::atomic<bool> &is_left) {
  if (is_left) return left();
  remove_stale_checksum(path);
  return made.publish();
}

/// What a file is to hold. The calls block.
struct unpublished_content {
  const std::shared_ptr<durable_folders> folders;
  const std::string path;
  const std::string unique;  ///< makes the hidden name
  const std::shared_ptr<const bytes> body;

  unpublished_content(std::shared_ptr<durable_folders> in, std::string at, std::string hidden,
                      std::shared_ptr<const bytes> content)
      : folders(std::move(in)), path(std::move(at)), unique(std::move(hidden)), body(std::move(content)) {}

  put_outcome create(const std::atomic<bool> &is_left) const {
    if (is_there(path)) return put_outcome(kind::exists, std::string());
    unpublished_file made(folders, path, unique);
    made.add(*body);
    made.finish();
    return publish_exclusively(made, path, is_left);
  }

  /// Under the lock.
  put_outcome replace(const put_condition &condition, const std::atomic<bool> &is_left) const {
    if (condition.when == put_condition::kind::if_match) {
      const std::optional<object> now = read_file(path, byte_range());
      if (!now || now->meta.etag != condition.etag) return put_outcome(kind::exists, std::string());
    }
    unpublished_file made(folders, path, unique);
    made.add(*body);
    made.finish();
    return publish(made, path, is_left);
  }
};

class local_store final : public object_store {
 public:
  explicit local_store(std::shared_ptr<runtime> environment)
      : object_store("local"), environment_(std::move(environment)) {}

  task<std::optional<object>> get(std::string key, byte_range range) override {
    auto work = [path = path_of(key), range] { return read_file(path, range); };
    co_return co_await call_blocking(environment_, std::move(work));
  }

  task<std::optional<object>> get_content(std::string key, byte_range range) override {
    auto work = [path = path_of(key), range] { return read_file(path, range, false); };
    co_return co_await call_blocking(environment_, std::move(work));
  }

  task<std::optional<object_meta>> head(std::string key) override {
    auto work = [path = path_of(key)] { return look_at_file(path); };
    co_return co_await call_blocking(environment_, std::move(work));
  }

  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    put_outcome outcome;
    try {
      const unpublished_content content(folders_, path_of(key), environment_->random_uuid().to_text(), std::move(body));
      if (options.condition.when != put_condition::kind::if_match) {
        publication create = [content](const std::atomic<bool> &is_left) { return content.create(is_left); };
        outcome = co_await run(std::move(create));
      }
      if (options.condition.when == put_condition::kind::if_match ||
          (options.condition.when == put_condition::kind::always && outcome.what == kind::exists)) {
        publication replace = [content, condition = options.condition](const std::atomic<bool> &is_left) {
          return content.replace(condition, is_left);
        };
        outcome = co_await with_lock(content.path, options.condition.when, std::move(replace));
      }
      if (outcome.what == kind::done) outcome.etag = to_hex(md5(*content.body));
    } catch (const error &refused) {
      if (refused.code() == status::CANCELLED) throw;
      outcome = put_outcome(kind::failed, refused);  // what happens once the file may be seen is no exception
    }
    co_return outcome;
  }

  task<put_outcome> upload(std::string key, std::shared_ptr<byte_source> content, put_options options) override {
    if (options.condition.when == put_condition::kind::if_match)
      co_return co_await object_store::upload(std::move(key), std::move(content), std::move(options));
    put_outcome outcome;
    std::shared_ptr<unpublished_file> made;
    try {
      const std::string path = path_of(key);
      auto begin = [folders = folders_, path, unique = environment_->random_uuid().to_text()] {
        return std::make_shared<unpublished_file>(folders, path, unique);
      };
      made = co_await call_blocking(environment_, std::move(begin));
      made = released_where_it_may_block(environment_, std::move(made));
      for (std::int64_t offset = 0; offset < content->size(); offset += piece_bytes) {
        bytes piece = co_await content->read(offset, std::min(piece_bytes, content->size() - offset));
        const std::int64_t size = static_cast<std::int64_t>(piece.size());
        auto add = [made, piece = std::make_shared<const bytes>(std::move(piece))] { made->add(*piece); };
        co_await call_blocking(environment_, std::move(add));
        content->was_stored(size);
      }
      publication create = [made, path](const std::atomic<bool> &is_left) {
        made->finish();
        return publish_exclusively(*made, path, is_left);
      };
      outcome = co_await run(std::move(create));
      if (outcome.what == kind::exists && options.condition.when == put_condition::kind::always) {
        publication replace = [made, path](const std::atomic<bool> &is_left) { return publish(*made, path, is_left); };
        outcome = co_await with_lock(path, options.condition.when, std::move(replace));
      }
    } catch (const error &refused) {
      outcome = put_outcome(kind::failed, refused);
    } catch (const boost::system::system_error &) {
      outcome = put_outcome(kind::failed, error(status::CANCELLED, "cancelled"));
    }
    co_await disregard_cancellation();
    if (made) co_await discard(std::move(made));
    co_return outcome;
  }

  task<listing> list(list_options options) override {
    auto work = [options] { return list_local_files(options); };
    co_return co_await call_blocking(environment_, std::move(work));
  }

  task<std::vector<object_meta>> list_unfinished(std::string prefix) override {
    auto work = [prefix] { return list_unpublished_files(prefix); };
    co_return co_await call_blocking(environment_, std::move(work));
  }

  task<> remove(std::vector<std::string> keys) override {
    const auto is_left = std::make_shared<std::atomic<bool>>(false);
    auto work = [keys = std::move(keys), is_left] {
      remove_blocking(keys, *is_left);
      return true;
    };
    const std::optional<bool> done = co_await call_blocking_or_leave(environment_, std::move(work));
    *is_left = true;
    if (!done) fail(status::CANCELLED, "cancelled while files were deleted");
  }

  task<> make_durable(std::string key) override {
    auto work = [folders = folders_, path = path_of(key)] {
      folders->sync(path.substr(0, std::max<std::size_t>(1, path.rfind('/'))));
    };
    co_await call_blocking(environment_, std::move(work));
  }

  bool may_have_other_names() const noexcept override { return true; }

  task<bool> is_same(std::string key, std::string other) override {
    auto work = [key, other] { return is_same_file("/" + key, "/" + other); };
    co_return co_await call_blocking(environment_, std::move(work));
  }

  task<std::string> canonical_key(std::string key) override {
    auto work = [key] { return canonical_path("/" + key).substr(1); };
    co_return co_await call_blocking(environment_, std::move(work));
  }

  task<bool> has_other_names(std::string key) override {
    auto work = [key] { return has_hard_links("/" + key); };
    co_return co_await call_blocking(environment_, std::move(work));
  }

  const location &root() const noexcept override { return root_; }
  bool creates_exclusively() const noexcept override { return true; }

 private:
  /// What may publish a file, unless its caller has left.
  using publication = std::function<put_outcome(const std::atomic<bool> &is_left)>;

  /// A cancellation does not wait for it: whether it has published is unknown then.
  task<put_outcome> run(publication work) {
    const auto is_left = std::make_shared<std::atomic<bool>>(false);
    auto call = [work = std::move(work), is_left] { return work(*is_left); };
    std::optional<put_outcome> outcome = co_await call_blocking_or_leave(environment_, std::move(call));
    if (outcome) co_return std::move(*outcome);
    *is_left = true;
    const error why(status::CANCELLED, "cancelled while the file system was asked for it");
    co_return put_outcome(kind::unknown, why);
  }

  /// Locks by trying, so that a lock which is never given back ends neither a thread nor what waits for it.
  task<put_outcome> with_lock(std::string path, put_condition::kind when, publication replacement) {
    auto open = [path, when] {
      std::shared_ptr<replacement_lock> opened;
      if (when != put_condition::kind::if_match || is_there(path)) opened = std::make_shared<replacement_lock>(path);
      return opened;
    };
    std::shared_ptr<replacement_lock> lock = co_await call_blocking(environment_, std::move(open));
    if (!lock) co_return put_outcome(kind::exists, std::string());
    const steady_time until = environment_->steady_now() + longest_wait_for_a_lock;
    std::chrono::nanoseconds pause = shortest_pause;
    for (;;) {
      auto attempt = [lock] { return lock->try_acquire(); };
      const bool is_held = co_await call_blocking(environment_, std::move(attempt));
      if (is_held) break;
      if (environment_->steady_now() >= until) {
        fail(status::STORAGE_UNAVAILABLE,
             fmt::format("another process has held the lock of the file for {} seconds: {}",
                         longest_wait_for_a_lock.count(), lock->path()),
             lock->path());
      }
      co_await environment_->sleep(pause);
      pause = std::min<std::chrono::nanoseconds>(pause * 2, longest_pause);
    }
    publication work = [lock = std::move(lock), replacement = std::move(replacement)](
                           const std::atomic<bool> &is_left) { return replacement(is_left); };
    co_return co_await run(std::move(work));  // and the lock goes with the work, which may ask the file system, too
  }

  /// Also of an operation that was cancelled and disregards that; but a file system that hangs is not waited for.
  task<> discard(std::shared_ptr<unpublished_file> made) {
    std::function<task<>()> work = [this, made = std::move(made)] {
      auto drop = [made] { made->discard(); };
      return call_blocking(environment_, std::move(drop));
    };
    co_await tidy_up(*environment_, std::move(work));
  }

  static void remove_blocking(const std::vector<std::string> &keys, const std::atomic<bool> &is_left) {
    std::optional<error> first;
    for (const std::string &key : keys) {
      if (is_left) return;
      const std::string path = path_of(key);
      if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR || first) continue;
      first = system_failure(errno, "delete the file", path);
    }
    if (first) throw std::move(*first);
  }

  const std::shared_ptr<runtime> environment_;
  const location root_{"file", "", ""};
  const std::shared_ptr<durable_folders> folders_ = std::make_shared<durable_folders>();
};

}  // namespace

std::shared_ptr<object_store> make_local_store(std::shared_ptr<runtime> environment) {
  return std::make_shared<local_store>(std::move(environment));
}

}  // namespace evodb
