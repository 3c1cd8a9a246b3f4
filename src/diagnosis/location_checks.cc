#include "diagnosis/location_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "catalog/filesystem/metadata_files.h"
#include "codec/hadoop_checksum.h"
#include "diagnosis/write_checks.h"
#include "io/local/hidden_files.h"
#include "io/probe/write_probe.h"
#include "runtime/when_all.h"
#include "table/commit/place_for_table.h"
#include "table/files/upload.h"
#include "table/snapshots/expiry.h"

namespace evodb {
namespace {

constexpr std::size_t longest_shown_hint = 64;
constexpr std::int64_t versions_looked_for = 16;
constexpr std::size_t concurrent_requests = 8;
constexpr std::chrono::milliseconds time_to_move_hint{1500};
constexpr std::int64_t unfinished_for_sure_ms = std::int64_t{24} * 3600 * 1000;
constexpr std::int64_t surely_answered_ms = 60'000;
constexpr std::int64_t most_listed = 10'000;
constexpr std::int64_t largest_checked_metadata_bytes = std::int64_t{256} << 20;
constexpr std::int64_t largest_checksum_bytes = std::int64_t{4} << 20;  // at Hadoop's 4 bytes for each 512

/// Null unless it is digits alone, as every reader understands them.
std::optional<std::int64_t> parse_strictly(const bytes &hint) {
  const std::optional<std::int64_t> version = version_hint::parse(hint);
  return version && std::to_string(*version) == hint ? version : std::nullopt;
}

}  // namespace

location_checks::location_checks(std::shared_ptr<table_context> of, std::optional<table_version> newest)
    : context_(std::move(of)), newest_(std::move(newest)), hint_(context_->storage(), context_->location()) {}

task<health_checks> location_checks::run() {
  co_await check_writes();
  if (newest_) {
    check_committable();
    co_await check_other_tables();
    co_await check_second_names();
    co_await check_versions_above();
  }
  co_await check_hint();
  if (newest_) co_await check_hadoop_checksum();
  co_await check_unfinished_writes();
  if (newest_) co_await check_unresolved_commits();
  co_return std::move(found_);
}

std::int64_t location_checks::now_ms() const {
  return context_->runtime().now_ms() - clock_ahead_ms_;
}

location location_checks::metadata_file(const std::string &name) const {
  return context_->location().child(metadata_folder).child(name);
}

void location_checks::check_committable() {
  health_check one("committable");
  try {
    context_->catalog().check_committable(*newest_);
  } catch (const error &why) {
    one.fail(sentence_of(why));
  }
  found_.push_back(std::move(one));
}

task<> location_checks::check_other_tables() {
  health_check one("other-tables");
  try {
    location place = context_->location();
    std::vector<std::string> obstacles = co_await find_obstacles(context_->storage(), std::move(place));
    const std::vector<std::string> behind_a_link = co_await find_tables_behind_data();
    obstacles.insert(obstacles.end(), behind_a_link.begin(), behind_a_link.end());
    one.with(static_cast<std::int64_t>(obstacles.size()));
    for (const std::string &obstacle : obstacles) one.fail(obstacle);
    if (!obstacles.empty())
      one.say("cleaning up one of them would take the other's files; move one of them to a folder of its own");
  } catch (const error &wrong) {
    one.fail(sentence_of(wrong));
  }
  found_.push_back(std::move(one));
}

/// Where the data folder is a link that leads out of the table: whose files are there.
task<std::vector<std::string>> location_checks::find_tables_behind_data() {
  location data = context_->location().child(data_folder);
  location table = context_->location();
  std::string linked_key = data.key, table_key = table.key;
  data.key = co_await store().canonical_key(std::move(linked_key));
  table.key = co_await store().canonical_key(std::move(table_key));
  std::vector<std::string> found;
  if (table.contains(data)) co_return found;
  location place = data;
  found = co_await find_obstacles(context_->storage(), std::move(place));
  for (std::string &one : found) one = fmt::format("{}/ leads to {}: {}", data_folder, data.to_text(), one);
  co_return found;
}

/// A version that was made twice, under two names. Where it is not the newest any more, it cannot be helped.
task<> location_checks::check_second_names() {
  health_check one("second-names");
  std::int64_t count = 0;
  try {
    for (const location &second : compressed_metadata_file_locations(context_->location(), newest_->version)) {
      if (second.to_text() == newest_->metadata_location) continue;
      const std::optional<object_meta> seen = co_await store().head(second.key);
      if (!seen) continue;
      ++count;
      one.fail(
          fmt::format("{} is there too: two writers made this version, and what that one committed is not in the "
                      "table; commit it again, and move that file away",
                      second.to_text()));
    }
  } catch (const error &wrong) {
    one.fail(sentence_of(wrong));
  }
  one.with(count);
  found_.push_back(std::move(one));
}

/// A version above a gap is one that some readers take for the newest and others do not see.
task<> location_checks::check_versions_above() {
  const std::int64_t next = newest_->version + 1;
  std::vector<std::string> names;
  for (std::int64_t above = 1; above < versions_looked_for; ++above) {
    names.push_back(fmt::format("v{}.metadata.json", next + above));
  }
  health_check one("versions-above");
  std::vector<char> is_there(names.size(), 0);
  try {
    auto look = [&](std::size_t i) -> task<> {
      const std::optional<object_meta> seen = co_await store().head(metadata_file(names[i]).key);
      is_there[i] = seen ? 1 : 0;
    };
    std::function<task<>(std::size_t)> body = look;
    co_await for_each_concurrently(names.size(), concurrent_requests, std::move(body));
    // Where others have committed meanwhile, there is no gap.
    const std::string next_key = metadata_file(fmt::format("v{}.metadata.json", next)).key;
    const std::optional<object_meta> landed = co_await store().head(next_key);
    if (landed) std::fill(is_there.begin(), is_there.end(), 0);
  } catch (const error &wrong) {
    one.fail(sentence_of(wrong));
  }
  one.with(std::count(is_there.begin(), is_there.end(), 1));
  const auto first = static_cast<std::size_t>(std::find(is_there.begin(), is_there.end(), 1) - is_there.begin());
  if (first < names.size()) {
    one.fail(
        fmt::format("there is {}, but no v{}.metadata.json: some readers take it for the newest version and others "
                    "v{}, and a commit would make a second history; find out which is right, and bring back what "
                    "is missing or move away what is too much, before anything is committed",
                    names[first], next, newest_->version));
  }
  found_.push_back(std::move(one));
}

task<> location_checks::check_hint() {
  health_check one("version-hint");
  std::optional<object> written;
  try {
    written = co_await hint_.get();
    if (!written)
      one.fail("there is none: PyIceberg and DuckDB do not find the table by its folder; the next commit writes it");
  } catch (const error &wrong) {
    one.fail(sentence_of(wrong));
  }
  if (written) {
    const std::optional<std::int64_t> hint = parse_strictly(written->body);
    if (hint) {
      one.with(*hint);
      co_await compare_hint(one, *hint);
    } else {
      one.with(std::string_view(written->body).substr(0, longest_shown_hint));
      const std::string what_moves_it = co_await say_what_moves_hint();
      one.fail(
          "it is not the digits of a version alone, without a newline: PyIceberg and DuckDB take it as it stands and "
          "find no table; " +
          what_moves_it);
    }
  }
  found_.push_back(std::move(one));
}

/// The newest version was read before the hint, and others may have committed in between: what differs is looked at
/// again. A commit moves the hint a little later.
task<> location_checks::compare_hint(health_check &into, std::int64_t hint) {
  if (!newest_) {
    into.say("not compared with the newest version, which cannot be read");
    co_return;
  }
  std::int64_t newest = newest_->version;
  bool is_behind = hint < newest;
  bool is_ahead = hint > newest;
  try {
    if (is_behind) {
      co_await context_->runtime().sleep(time_to_move_hint);
      const std::optional<object> moved = co_await hint_.get();
      if (moved) hint = parse_strictly(moved->body).value_or(hint);
      is_behind = hint < newest;
    } else if (is_ahead) {
      table_version known = *newest_;
      const table_version now = co_await context_->catalog().refresh(std::move(known));
      newest = now.version;
      is_ahead = hint > newest;
    }
  } catch (const error &wrong) {
    into.fail(sentence_of(wrong));
    co_return;
  }
  into.with(hint);
  if (is_behind) {
    const std::string what_moves_it = co_await say_what_moves_hint();
    into.fail(fmt::format("it lags behind the newest version, {}: PyIceberg and DuckDB read the older one; {}", newest,
                          what_moves_it));
  } else if (is_ahead) {
    into.fail(
        fmt::format("it is ahead of the newest version, {}: Iceberg Java and DuckDB fail, and no commit moves it "
                    "back; write {} into metadata/{}, without a newline",
                    newest, newest, version_hint_name));
  }
}

/// What the next commit does to the hint. It is replaced by what it is, as a commit would replace it: rights, a sticky
/// folder, a lock that is never given back and a bucket's rules show in no other way.
task<std::string> location_checks::say_what_moves_hint() {
  std::string obstacle;
  try {
    const std::optional<object> now = co_await hint_.get();
    put_options options(put_condition(put_condition::kind::if_match, now ? now->meta.etag : std::string()));
    options.content_type = "text/plain";
    auto body = std::make_shared<const bytes>(now ? now->body : bytes());
    put_outcome outcome;
    if (now) outcome = co_await store().put(hint_.key(), std::move(body), std::move(options));
    if (outcome.reason) obstacle = sentence_of(*outcome.reason);
  } catch (const error &wrong) {
    obstacle = sentence_of(wrong);
  }
  if (obstacle.empty()) co_return "the next commit moves it";
  co_return fmt::format(
      "no commit of this user moves it: {}; give the right to replace it, or write the digits of the newest version "
      "into it, without a newline",
      obstacle);
}

task<> location_checks::check_writes() {
  const std::string name = fmt::format(".probe-{}", context_->runtime().random_uuid().to_text());
  const location at = metadata_file(name);
  const write_probe probe = co_await probe_writes(store(), context_->runtime(), at.key);
  for (health_check &one : checks_of(probe, at)) found_.push_back(std::move(one));
  if (!probe.write && !store().creates_exclusively()) {
    found_.emplace_back("racing-writers")
        .with("not tried")
        .say(
            "whether writers that race are kept apart is not tried here: `probe LOCATION` (evodb_storage_probe) "
            "tries it");
  }
  if (newest_ && probe.write) found_.front().say("what is here can be read, not committed to");
  clock_ahead_ms_ = probe.clock_ahead_ms.value_or(0);
}

/// Where a Hadoop file system wrote the metadata and something else rewrote it since.
task<> location_checks::check_hadoop_checksum() {
  health_check one("hadoop-checksum");
  try {
    const std::string key = context_->storage()->key_of(newest_->metadata_location);
    location beside = location::parse(newest_->metadata_location);
    beside.key = checksum_key_of(key);
    const byte_range first_bytes{0, largest_checksum_bytes};
    const std::optional<object> checksum = co_await store().get(beside.key, first_bytes);
    if (checksum) {
      const object metadata = co_await get_whole(store(), key, largest_checked_metadata_bytes);
      one.with(std::string_view(beside.to_text()));
      if (contradicts(checksum->body, metadata.body)) {
        one.fail(
            "Hadoop's checksum of the newest metadata file is of another content: Iceberg Java and Spark refuse to "
            "read "
            "it; delete this file if the metadata file is as it should be");
      }
    }
  } catch (const error &wrong) {
    one.fail(sentence_of(wrong));
  }
  found_.push_back(std::move(one));
}

task<> location_checks::check_unfinished_writes() {
  health_check one("unfinished-writes");
  std::int64_t count = 0;
  for (const std::string_view folder : {metadata_folder, data_folder}) {
    std::int64_t size = 0;
    std::string example;
    try {
      std::string prefix = context_->location().child(folder).key + "/";
      const std::vector<object_meta> unfinished = co_await store().list_unfinished(std::move(prefix));
      for (const object_meta &left : unfinished) {
        const bool is_dated = left.last_modified_ms > 0;
        if (!is_dated || now_ms() - left.last_modified_ms < unfinished_for_sure_ms) continue;
        ++count;
        size += left.size;
        if (example.empty()) example = left.key.substr(left.key.rfind('/') + 1);
      }
    } catch (const error &wrong) {
      const bool is_untold = wrong.code() == status::UNSUPPORTED;
      is_untold ? one.say("the store does not tell of uploads that never ended") : one.fail(sentence_of(wrong));
      found_.push_back(std::move(one));
      co_return;
    }
    if (example.empty()) continue;
    const std::string what = size > 0 ? fmt::format("{} bytes", size) : "uploads in parts";
    one.say(
        fmt::format("{} in {}/, such as {}, were left more than a day ago by writers that crashed; they do no harm, "
                    "and may be deleted",
                    what, folder, example));
  }
  one.with(count);
  found_.push_back(std::move(one));
}

/// Manifest lists that no snapshot has: a commit that is known to be lost removes its own, and a snapshot that is an
/// hour old may have expired.
task<> location_checks::check_unresolved_commits() {
  health_check one("unresolved-commits");
  try {
    std::set<std::string> referred_to;
    for (const auto &made : newest_->metadata->snapshots)
      if (!made->manifest_list.empty()) referred_to.insert(location::parse(made->manifest_list).key);
    list_options every;
    every.prefix = metadata_file("snap-").key;
    every.limit = most_listed;
    const listing found = co_await store().list(std::move(every));
    std::int64_t count = 0;
    std::string example;
    for (const object_meta &list : found.objects) {
      const std::int64_t age_ms = now_ms() - list.last_modified_ms;
      if (age_ms < surely_answered_ms || age_ms > youngest_expired_snapshot_ms || referred_to.contains(list.key))
        continue;
      ++count;
      if (example.empty()) example = list.key.substr(list.key.rfind('/') + 1);
    }
    one.with(count);
    if (count > 0) {
      one.say(fmt::format(
          "manifest lists of the last hour that no snapshot has, such as metadata/{}: their writers crashed, "
          "or got an unknown outcome; `resolve`, or committing again, settles those, and the lists of what was lost "
          "stay",
          example));
    }
  } catch (const error &wrong) {
    one.fail(sentence_of(wrong));
  }
  found_.push_back(std::move(one));
}

}  // namespace evodb
