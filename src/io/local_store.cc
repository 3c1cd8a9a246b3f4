#include "io/local_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/hash.h"
#include "io/durable_folders.h"
#include "io/file_descriptor.h"
#include "io/local_file.h"
#include "io/local_listing.h"
#include "io/system_failure.h"
#include "io/unpublished_file.h"
#include "runtime/cancellation.h"
#include "runtime/run_on.h"

namespace evodb {
namespace {

using kind = put_outcome::kind;

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

/// "<folder>/.<name><suffix>" for "<folder>/<name>", a path or a key.
std::string hidden_beside(const std::string &path, const char *suffix) {
  const std::size_t name = path.rfind('/') + 1;
  return fmt::format("{}.{}{}", path.substr(0, name), path.substr(name), suffix);
}

bool is_there(const std::string &path) {
  struct stat about;
  if (::lstat(path.c_str(), &about) != 0) return false;  // any other trouble shows when it is written
  if (S_ISDIR(about.st_mode)) fail(status::INVALID_ARGUMENT, fmt::format("a folder, not a file: {}", path), path);
  return true;
}

/// Hadoop's file system keeps a checksum beside a file, and does not believe a file that has a stale one.
void remove_stale_checksum(const std::string &path) {
  ::unlink(checksum_key_of(path).c_str());
}

/// Excludes other replacements of the file, in this process and in others, until destroyed.
class replacement_lock {
 public:
  explicit replacement_lock(const std::string &path) : path_(lock_key_of(path)), file_(path_, O_RDWR | O_CREAT, 0666) {
    if (!file_.is_open()) fail_system(errno, "open the lock file", path_);
    if (uninterrupted([&] { return ::flock(file_.get(), LOCK_EX); }) != 0) fail_system(errno, "lock the file", path_);
  }

 private:
  const std::string path_;
  const file_descriptor file_;  // closing it unlocks; the file stays, since deleting it would let in two
};

class local_store final : public object_store {
 public:
  explicit local_store(std::shared_ptr<runtime> environment) : environment_(std::move(environment)) {}

  task<std::optional<object>> get(std::string key, byte_range range) override {
    auto work = [path = path_of(key), range] { return read_file(path, range); };
    co_return co_await run_on(environment_->blocking(), std::move(work));
  }

  task<std::optional<object_meta>> head(std::string key) override {
    auto work = [path = path_of(key)] { return look_at_file(path); };
    co_return co_await run_on(environment_->blocking(), std::move(work));
  }

  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    auto work = [this, &key, &body, &options] {
      try {
        put_outcome outcome = put_blocking(path_of(key), *body, options.condition);
        if (outcome.what == kind::done) outcome.etag = to_hex(md5(*body));
        return outcome;
      } catch (const error &refused) {
        return put_outcome(kind::failed, refused);  // what happens once the file may be seen is no exception
      }
    };
    co_return co_await run_on(environment_->blocking(), std::move(work));
  }

  task<put_outcome> upload(std::string key, std::shared_ptr<byte_source> content, put_options options) override {
    if (options.condition.when == put_condition::kind::if_match)
      co_return co_await object_store::upload(std::move(key), std::move(content), std::move(options));
    put_outcome outcome;
    std::optional<unpublished_file> made;
    try {
      const std::string path = path_of(key);
      auto begin = [&] { made.emplace(folders_, path, environment_->random_uuid().to_text()); };
      co_await run_on(environment_->blocking(), std::move(begin));
      for (std::int64_t offset = 0; offset < content->size(); offset += piece_bytes) {
        const bytes piece = co_await content->read(offset, std::min(piece_bytes, content->size() - offset));
        auto add = [&] { made->add(piece); };
        co_await run_on(environment_->blocking(), std::move(add));
        content->was_stored(static_cast<std::int64_t>(piece.size()));
      }
      auto publish = [&] { return publish_finished(*made, path, options.condition); };
      outcome = co_await run_on(environment_->blocking(), std::move(publish));
    } catch (const error &refused) {
      outcome = put_outcome(kind::failed, refused);
    }
    co_await ignore_cancellation();
    auto drop = [&] { made.reset(); };  // which asks the file system, too
    co_await run_on(environment_->blocking(), std::move(drop));
    co_return outcome;
  }

  task<listing> list(list_options options) override {
    auto work = [&options] { return list_local_files(options); };
    co_return co_await run_on(environment_->blocking(), std::move(work));
  }

  task<std::vector<object_meta>> list_unfinished(std::string prefix) override {
    auto work = [&prefix] { return list_unpublished_files(prefix); };
    co_return co_await run_on(environment_->blocking(), std::move(work));
  }

  task<> remove(std::vector<std::string> keys) override {
    auto work = [&keys] { remove_blocking(keys); };
    co_await run_on(environment_->blocking(), std::move(work));
  }

  task<> make_durable(std::string key) override {
    auto work = [this, path = path_of(key)] {
      folders_.sync(path.substr(0, std::max<std::size_t>(1, path.rfind('/'))));
    };
    co_await run_on(environment_->blocking(), std::move(work));
  }

  const location &root() const noexcept override { return root_; }
  bool creates_exclusively() const noexcept override { return true; }

 private:
  put_outcome put_blocking(const std::string &path, byte_view content, const put_condition &condition) {
    if (condition.when == put_condition::kind::if_match) return replace(path, content, &condition.etag);
    put_outcome created = create(path, content);
    if (created.what != kind::exists || condition.when == put_condition::kind::if_absent) return created;
    return replace(path, content, nullptr);
  }

  put_outcome create(const std::string &path, byte_view content) {
    if (is_there(path)) return put_outcome(kind::exists, std::string());
    unpublished_file made(folders_, path, environment_->random_uuid().to_text());
    made.add(content);
    made.finish();
    remove_stale_checksum(path);
    return made.publish_exclusively();
  }

  static put_outcome publish_finished(unpublished_file &made, const std::string &path, const put_condition &condition) {
    made.finish();
    remove_stale_checksum(path);
    put_outcome outcome = made.publish_exclusively();
    if (outcome.what != kind::exists || condition.when == put_condition::kind::if_absent) return outcome;
    const replacement_lock held(path);
    return made.publish();
  }

  /// `etag` is what the file must have; null if it does not matter.
  put_outcome replace(const std::string &path, byte_view content, const std::string *etag) {
    if (etag && !is_there(path)) return put_outcome(kind::exists, std::string());
    const replacement_lock held(path);
    if (etag) {
      const std::optional<object> now = read_file(path, byte_range());
      if (!now || now->meta.etag != *etag) return put_outcome(kind::exists, std::string());
    }
    unpublished_file made(folders_, path, environment_->random_uuid().to_text());
    made.add(content);
    made.finish();
    remove_stale_checksum(path);
    return made.publish();
  }

  static void remove_blocking(const std::vector<std::string> &keys) {
    std::optional<error> first;
    for (const std::string &key : keys) {
      const std::string path = path_of(key);
      if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR || first) continue;
      first = system_failure(errno, "delete the file", path);
    }
    if (first) throw std::move(*first);
  }

  const std::shared_ptr<runtime> environment_;
  const location root_{"file", "", ""};
  durable_folders folders_;
};

}  // namespace

std::shared_ptr<object_store> make_local_store(std::shared_ptr<runtime> environment) {
  return std::make_shared<local_store>(std::move(environment));
}

std::string lock_key_of(const std::string &key) {
  return hidden_beside(key, ".lock");
}

std::string checksum_key_of(const std::string &key) {
  return hidden_beside(key, ".crc");
}

}  // namespace evodb
