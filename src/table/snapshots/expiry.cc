#include "table/snapshots/expiry.h"

#include <charconv>
#include <string>
#include <unordered_set>

namespace evodb {
namespace {

constexpr const char *gc_enabled_property = "gc.enabled";
constexpr std::size_t default_max_snapshots = 10'000;

/// A branch retains the youngest of its line by number, and those that are young enough, where it says so. Refs themselves
/// do not expire at a commit, whatever their age.
void add_retained(const table_metadata &of, const snapshot_ref &ref, std::int64_t now_ms,
                  std::unordered_set<std::int64_t> &retained) {
  retained.insert(ref.snapshot_id);
  if (!ref.is_branch || (!ref.min_snapshots_to_keep && !ref.max_snapshot_age_ms)) return;
  std::int32_t position = 0;
  of.visit_ancestors(ref.snapshot_id, [&](const snapshot &one) {
    const bool is_counted = position++ < ref.min_snapshots_to_keep.value_or(1);
    const bool is_young = ref.max_snapshot_age_ms && now_ms - one.timestamp_ms <= *ref.max_snapshot_age_ms;
    if (is_counted || is_young) retained.insert(one.snapshot_id);
    return is_counted || is_young;
  });
}

}  // namespace

std::optional<std::size_t> parse_max_snapshots(const std::string &text) {
  std::size_t most = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), most);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return most;
}

std::optional<std::size_t> max_snapshots(const table_metadata &of) {
  const std::string *text = of.property(max_snapshots_property);
  return text == nullptr ? default_max_snapshots : parse_max_snapshots(*text);
}

bool keeps_every_snapshot(const table_metadata &of) {
  const std::string *gc = of.property(gc_enabled_property);
  return gc != nullptr && *gc == "false";
}

std::vector<std::int64_t> snapshots_to_expire(const table_metadata &of, std::int64_t now_ms) {
  const std::size_t most = max_snapshots(of).value_or(default_max_snapshots);
  if (most == 0 || of.snapshots.size() <= most || keeps_every_snapshot(of)) return {};
  std::unordered_set<std::int64_t> retained;
  for (const auto &[name, ref] : of.refs) add_retained(of, ref, now_ms, retained);
  std::vector<std::int64_t> expired;
  const std::size_t surplus = of.snapshots.size() - most;
  for (const auto &snapshot : of.snapshots) {
    if (expired.size() == surplus || now_ms - snapshot->timestamp_ms <= youngest_expired_snapshot_ms) break;
    if (!retained.contains(snapshot->snapshot_id)) expired.push_back(snapshot->snapshot_id);
  }
  return expired;
}

}  // namespace evodb
