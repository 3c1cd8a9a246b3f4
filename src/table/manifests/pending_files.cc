#include "table/manifests/pending_files.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/error.h"
#include "runtime/when_all.h"

namespace evodb {
namespace {

constexpr std::size_t concurrent_writes = 64;  // a group of commits waits for few round trips

}  // namespace

const bytes *pending_files::find(std::string_view location) const noexcept {
  const auto found = std::find_if(files_.begin(), files_.end(), [&](const file &f) { return f.location == location; });
  return found == files_.end() ? nullptr : found->body.get();
}

task<> pending_files::write() {
  const std::vector<file> files = std::exchange(files_, {});
  std::function<task<>(std::size_t)> body = [&](std::size_t i) { return write_one(files[i]); };
  co_await for_each_concurrently(files.size(), concurrent_writes, std::move(body));
}

task<> pending_files::write_one(const file &one) const {
  const std::string key = storage_->key_of(one.location);
  put_options options;
  const put_outcome outcome = co_await storage_->store().put(key, one.body, std::move(options));
  if (outcome.what != put_outcome::kind::done) {
    throw outcome.reason.value_or(
        error(status::STORAGE_UNAVAILABLE, "a file of the table's metadata could not be written", one.location));
  }
}

}  // namespace evodb
