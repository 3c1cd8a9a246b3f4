#include "catalog/filesystem/version_discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "catalog/filesystem/metadata_files.h"
#include "codec/deflate.h"
#include "codec/table_metadata_json.h"
#include "io/read_time.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"

namespace evodb {
namespace {

constexpr std::int64_t largest_metadata_bytes = std::int64_t{1} << 30;
/// One, two, four, eight at once: after so many a listing is cheaper.
constexpr std::int64_t most_probes_at_once = 8;
constexpr int most_rounds = 10;
constexpr std::size_t beginning_bytes = 1024;
/// Half of the age below which no clean-up takes a version.
constexpr std::int64_t longest_trust_ms = std::int64_t{12} * 3600 * 1000;

std::string_view last_segment(std::string_view key) {
  return key.substr(key.rfind('/') + 1);
}

}  // namespace

task<std::optional<table_version>> read_metadata_file(const storage &where, location file) {
  const byte_range everything{0, -1};
  std::optional<object> found = co_await where.store().get(file.key, everything);
  if (!found) co_return std::nullopt;
  table_version read;
  version_evidence seen;
  seen.fingerprint = fingerprint_of(found->body);
  read.evidence = std::make_shared<const version_evidence>(std::move(seen));
  read.metadata_bytes = static_cast<std::int64_t>(found->body.size());
  memory_budget &budget = where.runtime()->memory();
  const memory_budget::reservation held = budget.reserve(static_cast<std::int64_t>(found->body.size()));
  const std::string name = file.to_text();
  auto parse = [&]() -> std::shared_ptr<const table_metadata> {
    const bool is_gzip = found->body.starts_with("\x1f\x8b");
    const bytes text = is_gzip ? gunzip(found->body, largest_metadata_bytes, name) : std::move(found->body);
    return std::make_shared<const table_metadata>(read_table_metadata(text, name));
  };
  read.metadata = co_await run_on(where.runtime()->cpu(), parse);
  read.metadata_location = name;
  const auto numbered = parse_metadata_file_name(last_segment(file.key));
  read.version = numbered ? numbered->version : table_version::unnumbered;
  co_return read;
}

metadata_fingerprint fingerprint_of(const bytes &metadata_file) {
  return {static_cast<std::int64_t>(metadata_file.size()), metadata_file.substr(0, beginning_bytes)};
}

version_discovery::version_discovery(std::shared_ptr<const storage> where, location table)
    : storage_(std::move(where)), table_(std::move(table)), hint_(storage_, table_) {}

task<bool> version_discovery::exists(location file) const {
  const std::optional<object_meta> found = co_await storage_->store().head(file.key);
  co_return found.has_value();
}

task<bool> version_discovery::exists_compressed(std::int64_t version) const {
  const auto files = compressed_metadata_file_locations(table_, version);
  std::array<char, 2> are_there{};
  std::function<task<>(std::size_t)> probe = [&](std::size_t i) -> task<> {
    location file = files[i];
    are_there[i] = co_await exists(std::move(file));
  };
  co_await for_each_concurrently(files.size(), files.size(), std::move(probe));
  co_return are_there[0] || are_there[1];
}

/// The last of a run of versions that are there, `from` being taken as there; 0 when the run is long, or goes on with a
/// compressed one. Mostly the first probe finds nothing; behind that round trips count for more than probes.
task<std::int64_t> version_discovery::probe_upwards(std::int64_t from) const {
  for (std::int64_t at_once = 1; at_once <= most_probes_at_once; at_once *= 2) {
    const auto plain = static_cast<std::size_t>(at_once);
    std::vector<char> are_there(plain, 0);
    bool goes_on_compressed = false;
    std::function<task<>(std::size_t)> probe = [&](std::size_t i) -> task<> {
      if (i == plain) {
        goes_on_compressed = co_await exists_compressed(from + 1);
      } else {
        location file = metadata_file_location(table_, from + 1 + static_cast<std::int64_t>(i));
        are_there[i] = co_await exists(std::move(file));
      }
    };
    const std::size_t beside = at_once == 1 ? 1 : 0;
    co_await for_each_concurrently(plain + beside, plain + beside, std::move(probe));
    const auto absent = std::find(are_there.begin(), are_there.end(), 0);
    from += absent - are_there.begin();
    if (absent == are_there.end()) continue;
    if (at_once > 1) goes_on_compressed = co_await exists_compressed(from + 1);
    co_return goes_on_compressed ? 0 : from;
  }
  co_return 0;
}

task<std::optional<table_version>> version_discovery::read_version(std::int64_t version) const {
  co_return co_await read_metadata_file(*storage_, metadata_file_location(table_, version));
}

/// A version whose content is known may have been cleaned away since, or the table dropped and another one made in its
/// place.
task<bool> version_discovery::is_still_there(const table_version &known) const {
  const byte_range beginning{0, beginning_bytes};
  const std::string key = location::parse(known.metadata_location).key;
  const std::optional<object> found = co_await storage_->store().get(key, beginning);
  co_return found &&metadata_fingerprint{found->meta.size, found->body} == evidence_of(known).fingerprint;
}

task<std::optional<table_version>> version_discovery::newest_by_listing() const {
  for (int round = 0; round < most_rounds; ++round) {
    list_options options;
    options.prefix = table_.child(metadata_folder).child("v").key;
    const listing found = co_await storage_->store().list(std::move(options));
    metadata_file_name newest;
    std::string newest_key;
    for (const object_meta &meta : found.objects) {
      const auto name = parse_metadata_file_name(last_segment(meta.key));
      if (!name || meta.key.size() != table_.child(metadata_folder).key.size() + 1 + last_segment(meta.key).size())
        continue;
      // Of a version that has two names, the one that Iceberg Java reads.
      const bool is_preferred = name->version == newest.version && !name->is_compressed;
      if (name->version > newest.version || is_preferred) {
        newest = *name;
        newest_key = meta.key;
      }
    }
    if (newest_key.empty()) co_return std::nullopt;
    const std::int64_t candidate = co_await probe_upwards(newest.version);
    if (candidate == 0) continue;
    location file = metadata_file_location(table_, candidate);
    if (candidate == newest.version) file.key = std::move(newest_key);
    std::optional<table_version> confirmed = co_await read_metadata_file(*storage_, std::move(file));
    if (confirmed) co_return confirmed;
  }
  fail(status::STORAGE_UNAVAILABLE, "the newest version of the table kept moving away from under its reader",
       table_.to_text());
}

task<std::optional<table_version>> version_discovery::newest() const {
  const read_time before(*storage_);
  std::optional<table_version> found;
  const std::optional<std::int64_t> hint = co_await hint_.read();
  if (hint) {
    const std::int64_t candidate = co_await probe_upwards(*hint);
    if (candidate != 0) found = co_await read_version(candidate);
  }
  if (!found) {
    found = co_await newest_by_listing();
    if (found && hint && found->version < *hint)
      found->warnings.push_back(version_hint::misleading(table_, *hint, found->version));
  }
  if (found) confirm(*found, before.ms());
  co_return found;
}

/// No version that was made after `known` was last confirmed can have been cleaned away half a day later, and neither can
/// `known`. So it need not be read after its successor was found absent, but at the same time; and a successor that was
/// read is taken for the newest once its own successor is found absent (docs/commit.md, rule 2).
task<std::optional<table_version>> version_discovery::newest_from(table_version known) const {
  const read_time before(*storage_);
  const std::int64_t trusted_until_ms = evidence_of(known).confirmed_at_ms + longest_trust_ms;
  known.warnings.clear();  // which the hint has led to, and it is not read here
  std::optional<table_version> found;
  bool is_known = false;
  bool goes_on_compressed = false;
  std::function<task<>(std::size_t)> read = [&](std::size_t i) -> task<> {
    if (i == 0) {
      found = co_await read_version(known.version + 1);
    } else if (i == 1) {
      is_known = co_await is_still_there(known);
    } else {
      goes_on_compressed = co_await exists_compressed(known.version + 1);
    }
  };
  co_await for_each_concurrently(3, 3, std::move(read));
  std::int64_t candidate = known.version;
  if (found) {
    candidate = co_await probe_upwards(found->version);
  } else if (goes_on_compressed) {
    candidate = 0;
  } else if (is_known) {
    found = std::move(known);
  }
  if (storage_->now_ms() > trusted_until_ms) found.reset();
  if (found && found->version != candidate) found.reset();
  if (!found && candidate != 0) found = co_await read_version(candidate);
  if (!found) found = co_await newest_by_listing();
  if (found) confirm(*found, before.ms());
  co_return found;
}

task<std::optional<table_version>> version_discovery::successor(table_version known) const {
  std::optional<table_version> next = co_await read_version(known.version + 1);
  if (next) confirm(*next, evidence_of(known).confirmed_at_ms);
  co_return next;
}

}  // namespace evodb
