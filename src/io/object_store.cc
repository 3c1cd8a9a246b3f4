#include "io/object_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <utility>

namespace evodb {

byte_range byte_range::within(std::int64_t size) const noexcept {
  if (offset < 0) {
    const std::int64_t from_end = std::min(size, offset == std::numeric_limits<std::int64_t>::min() ? size : -offset);
    return {size - from_end, from_end};
  }
  const std::int64_t begin = std::min(offset, size);
  return {begin, length < 0 ? size - begin : std::min(length, size - begin)};
}

task<put_outcome> object_store::upload(std::string key, std::shared_ptr<byte_source> content, put_options options) {
  bytes all = co_await content->read(0, content->size());
  auto body = std::make_shared<const bytes>(std::move(all));
  put_outcome outcome = co_await put(std::move(key), std::move(body), std::move(options));
  if (outcome.what == put_outcome::kind::done) content->was_stored(content->size());
  co_return outcome;
}

namespace {

std::string new_identity() {
  static std::atomic<std::uint64_t> last{0};
  return fmt::format("store {}", ++last);
}

using getter = task<std::optional<object>> (object_store::*)(std::string, byte_range);

task<object> get_whole_by(getter get, object_store &store, std::string key, std::int64_t limit_bytes) {
  location at = store.root();
  at.key = key;
  const std::string name = at.to_text();
  // One byte more than allowed shows whether there is more, in one request and in bounded memory.
  const bool has_limit = limit_bytes < std::numeric_limits<std::int64_t>::max();
  const byte_range range(0, has_limit ? limit_bytes + 1 : -1);
  std::optional<object> found = co_await (store.*get)(std::move(key), range);
  if (!found) fail(status::NOT_FOUND, "no such object: " + name, name);
  const std::int64_t size = std::max(found->meta.size, static_cast<std::int64_t>(found->body.size()));
  if (size > limit_bytes) {
    fail(status::CORRUPT,
         fmt::format("the object is larger than is sensible: {} bytes of at most {}", size, limit_bytes), name);
  }
  if (static_cast<std::int64_t>(found->body.size()) != size) {
    fail(status::STORAGE_UNAVAILABLE,
         fmt::format("the store gave less than the whole object: {} bytes of {}", found->body.size(), size), name);
  }
  co_return std::move(*found);
}

}  // namespace

object_store::object_store(std::string identity) : identity_(identity.empty() ? new_identity() : std::move(identity)) {}

task<object> get_whole(object_store &store, std::string key, std::int64_t limit_bytes) {
  return get_whole_by(&object_store::get, store, std::move(key), limit_bytes);
}

task<object> get_whole_content(object_store &store, std::string key, std::int64_t limit_bytes) {
  return get_whole_by(&object_store::get_content, store, std::move(key), limit_bytes);
}

}  // namespace evodb
