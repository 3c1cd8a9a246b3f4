#include "simulation/file_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace evodb::simulation {
namespace {

using kind = file_step::kind;

template <typename T>
std::vector<T> words(const std::string &text) {
  std::istringstream in(text);
  std::vector<T> all;
  for (T word; in >> word;) all.push_back(word);
  return all;
}

bool is_by_partition(kind what) {
  return what == kind::delete_partition || what == kind::overwrite_partition || what == kind::replace_partition;
}

}  // namespace

std::string delete_key(const std::string &data_file, std::int64_t added_by) {
  return fmt::format("{} by {}", data_file, added_by);
}

std::string file_step::to_text() const {
  return fmt::format("{};{};{};{};{};{};{};{}", static_cast<int>(what), partition, is_serializable ? 1 : 0, seen,
                     fmt::join(own, " "), fmt::join(adds, " "), fmt::join(deletes, " "), fmt::join(names, " "));
}

file_step file_step::parse(const std::string &text) {
  std::vector<std::string> parts(1);
  for (const char c : text) c == ';' ? (void)parts.emplace_back() : parts.back().push_back(c);
  file_step step;
  step.what = static_cast<kind>(std::stoi(parts.at(0)));
  step.partition = std::stoi(parts.at(1));
  step.is_serializable = parts.at(2) == "1";
  step.seen = std::stoll(parts.at(3));
  step.own = words<std::int64_t>(parts.at(4));
  step.adds = words<std::string>(parts.at(5));
  step.deletes = words<std::string>(parts.at(6));
  step.names = words<std::string>(parts.at(7));
  return step;
}

void file_model::observe(const table_metadata &version) {
  for (const auto &snapshot : version.snapshots) {
    if (!snapshots_.contains(snapshot->snapshot_id)) observe(*snapshot);
  }
  // What has expired is the parent of nothing new.
  std::erase_if(with_files_, [&](std::int64_t id) {
    const bool has_expired = version.find_snapshot(id) == nullptr;
    if (has_expired) snapshots_.at(id).holds = {};
    return has_expired;
  });
}

void file_model::observe(const snapshot &made) {
  const std::string *text = find_value(made.summary, step_property);
  if (text == nullptr) return violate_(fmt::format("snapshot {} does not say what it did", made.snapshot_id));
  done now;
  now.parent = made.parent_snapshot_id;
  now.step = file_step::parse(*text);
  if (now.parent) {
    const auto parent = snapshots_.find(*now.parent);
    if (parent == snapshots_.end())
      return violate_(fmt::format("snapshot {} has a parent that never was", made.snapshot_id));
    now.holds = parent->second.holds;
  }
  held_files &holds = now.holds;
  if (is_by_partition(now.step.what)) {
    for (const auto &[path, partition] : holds.data) {
      if (partition == now.step.partition) now.removed.insert(path);
    }
    std::erase_if(holds.deletes, [&](const auto &one) { return one.second == now.step.partition; });
  }
  for (const std::string &path : now.step.names) {
    if (!holds.data.contains(path))
      violate_(fmt::format("snapshot {} names {}, which its parent does not hold", made.snapshot_id, path));
    const bool stays = now.step.what == kind::delete_rows || now.step.what == kind::delete_positions;
    if (!stays) now.removed.insert(path);
  }
  for (const std::string &path : now.removed) holds.data.erase(path);
  for (const std::string &path : now.step.adds) holds.data.emplace(path, now.step.partition);
  if (now.step.what == kind::delete_rows || now.step.what == kind::delete_positions) {
    for (const std::string &path : now.step.names) now.deletes.insert(delete_key(path, made.snapshot_id));
  }
  for (const std::string &key : now.deletes) holds.deletes.emplace(key, now.step.partition);
  const held_files none;
  judge(made, now, now.parent ? snapshots_.at(*now.parent).holds : none);
  snapshots_.emplace(made.snapshot_id, std::move(now));
  with_files_.insert(made.snapshot_id);
}

/// Appends, and deletions of named files or of rows of one, depend on nothing that others do, beyond the names.
void file_model::judge(const snapshot &made, const done &now, const held_files &before) const {
  const kind what = now.step.what;
  if (what == kind::append || what == kind::delete_named || what == kind::delete_positions) return;
  const std::string name = fmt::format("snapshot {}, made on {},", made.snapshot_id, now.step.seen);
  std::optional<std::int64_t> at = now.parent;
  while (at && *at != now.step.seen) {
    const auto found = snapshots_.find(*at);
    if (found == snapshots_.end()) return violate_(fmt::format("{} has an ancestor that never was", name));
    const bool is_own = std::count(now.step.own.begin(), now.step.own.end(), *at) > 0;
    if (!is_own) judge_against(fmt::format("{} ignores that {}", name, *at), now, before, found->second);
    at = found->second.parent;
  }
  if (!at && now.step.seen != 0) violate_(fmt::format("{} is not on what its caller had seen", name));
}

void file_model::judge_against(const std::string &name, const done &now, const held_files &before,
                               const done &other) const {
  // What is gone again, by an operation before in the same value, contradicts nothing.
  const auto is_there = [](const std::map<std::string, int> &held, const auto &keys) {
    return std::any_of(keys.begin(), keys.end(), [&](const std::string &key) { return held.contains(key); });
  };
  const bool adds_rows = other.step.what != kind::rewrite_named && is_there(before.data, other.step.adds);
  const bool deletes_rows = is_there(before.deletes, other.deletes);
  const auto is_named = [&](const std::string &path) {
    return std::count(now.step.names.begin(), now.step.names.end(), path) > 0;
  };
  const auto refuse = [&](const char *why) {
    violate_(fmt::format("{} {} ({}, by {})", name, why, now.step.to_text(), other.step.to_text()));
  };
  if (is_by_partition(now.step.what)) {
    if (now.step.is_serializable && adds_rows && other.step.partition == now.step.partition)
      refuse("added a file of its partition");
    if (deletes_rows && other.step.partition == now.step.partition) refuse("deleted rows of its partition");
    if (!other.removed.empty() && other.step.partition == now.step.partition) refuse("removed a file of its partition");
    return;
  }
  if (now.step.is_serializable && now.step.what != kind::rewrite_named && adds_rows) refuse("added a file");
  if (now.step.what == kind::delete_rows && deletes_rows) refuse("deleted rows");
  const bool deletes_of_named =
      !other.deletes.empty() && std::any_of(other.step.names.begin(), other.step.names.end(), is_named);
  if (deletes_of_named) refuse("deleted rows of a file that it removes");
}

const held_files *file_model::holds(std::int64_t snapshot_id) const {
  const auto found = snapshots_.find(snapshot_id);
  return found == snapshots_.end() ? nullptr : &found->second.holds;
}

}  // namespace evodb::simulation
