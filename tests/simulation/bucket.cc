#include "simulation/bucket.h"

#include <fmt/format.h>

#include <utility>

#include "base/hash.h"
#include "io/listing.h"

namespace evodb::simulation {
namespace {

/// As R2 does: a signature that is further than that from the store's clock is refused.
constexpr std::int64_t signature_life_ms = 15 * 60 * 1000;

bucket::answer refusal(int status, std::string code) {
  bucket::answer refused;
  refused.status = status;
  refused.code = std::move(code);
  return refused;
}

}  // namespace

bucket::answer bucket::get(const std::string &key) {
  const auto at = objects_.find(key);
  if (at == objects_.end()) return refusal(404, "NoSuchKey");
  answer found;
  found.found = at->second;
  return found;
}

bucket::answer bucket::put(const std::string &key, std::shared_ptr<const bytes> body, const put_options &options) {
  if (checks_signatures && options.signed_at_ms && !accepts(*options.signed_at_ms, world_.now_ms())) {
    world_.tell(0, [&] { return fmt::format("refuses the signature of {}", key); });
    return refuse_signature();
  }
  const auto at = objects_.find(key);
  const bool is_there = at != objects_.end();
  const auto written = last_write_.find(key);
  if (limits_writes && written != last_write_.end() && world_.now() - written->second < std::chrono::seconds(1)) {
    ++counts_["writes limited"];
    return refusal(429, "SlowDown");
  }
  if (options.condition.when == put_condition::kind::if_absent && is_there) return refusal(412, "PreconditionFailed");
  if (options.condition.when == put_condition::kind::if_match &&
      (!is_there || at->second.meta.etag != options.condition.etag)) {
    return refusal(412, "PreconditionFailed");
  }
  stored made;
  made.meta.key = key;
  made.meta.size = static_cast<std::int64_t>(body->size());
  made.meta.etag = fmt::format("{}-{}", to_hex(md5(*body)), ++writes_);  // no identity of bytes can be read from it
  made.meta.last_modified_ms = world_.now_ms();
  made.meta.user_metadata = options.user_metadata;
  made.body = std::move(body);
  if (!is_there && key.ends_with(".metadata.json")) versions_.push_back({key, world_.now(), made.body});
  answer done;
  done.etag = made.meta.etag;
  world_.tell(0, [&] { return fmt::format("{} {}", is_there ? "replaces" : "creates", key); });
  objects_.insert_or_assign(key, std::move(made));
  last_write_[key] = world_.now();
  return done;
}

bucket::answer bucket::list(const list_options &options) {
  std::vector<object_meta> candidates;
  for (auto at = objects_.lower_bound(options.prefix); at != objects_.end() && at->first.starts_with(options.prefix);
       ++at) {
    candidates.push_back(at->second.meta);
  }
  answer listed;
  listed.listed = make_listing(std::move(candidates), options);
  return listed;
}

bucket::answer bucket::remove(const std::vector<std::string> &keys) {
  for (const std::string &key : keys) {
    if (objects_.erase(key) == 0) continue;
    ++counts_[key.ends_with(".metadata.json") ? "versions cleaned away" : "other files removed"];
    world_.tell(0, [&] { return fmt::format("deletes {}", key); });
  }
  return answer();
}

bucket::answer bucket::refuse_signature() {
  ++counts_["signatures refused"];
  return refusal(403, "RequestTimeTooSkewed");
}

bool bucket::accepts(std::int64_t signed_at_ms, std::int64_t now_ms) noexcept {
  return std::abs(now_ms - signed_at_ms) <= signature_life_ms;
}

std::int64_t bucket::count(const std::string &what) const {
  const auto found = counts_.find(what);
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace evodb::simulation
