#include "table/operations/property_rules.h"

#include <fmt/format.h>

#include <boost/algorithm/string/predicate.hpp>
#include <string_view>

#include "codec/name_mapping_json.h"
#include "table/idempotency.h"
#include "table/manifests/manifest_merge.h"
#include "table/snapshots/expiry.h"

namespace evodb {
namespace {

struct rule {
  std::string_view name;            ///< or how it begins, with a dot at the end
  std::string_view followed_value;  ///< that is what this library does anyway; empty: none is
  std::string_view instead;
};

constexpr std::string_view of_data_files = "data files stay where they are, and the copies of an upload go to data/";
constexpr std::string_view of_expiry = "a commit expires snapshots by evodb.commit.max-snapshots";
constexpr std::string_view of_formats = "this library writes no data files";

constexpr rule without_effect[] = {
    {"commit.retry.", "", "a commit that loses a race is tried again until its deadline"},
    {"commit.status-check.", "", "what became of a commit is read from the table until its deadline"},
    {"history.expire.", "", of_expiry},
    {"write.avro.", "", of_formats},
    {"write.data.path", "", of_data_files},
    {"write.folder-storage.path", "", of_data_files},
    {"write.format.default", "parquet", "the files of an append are Parquet"},
    {"write.location-provider.impl", "", of_data_files},
    {"write.metadata.delete-after-commit.enabled", "false", "no metadata file is deleted"},
    {"write.object-storage.enabled", "false", of_data_files},
    {"write.object-storage.path", "", of_data_files},
    {"write.orc.", "", of_formats},
    {"write.parquet.", "", of_formats},
    {"write.summary.partition-limit", "0", "summaries say nothing of single partitions"},
    {"write.target-file-size-bytes", "", of_formats},
};

constexpr std::string_view of_names =
    "this library writes metadata/v<N>.metadata.json, uncompressed: with a second name for a version two commits could "
    "both win, and one of them would be lost";
constexpr rule refused[] = {
    {"write.metadata.compression-codec", "none", of_names},
    {"write.metadata.path", "", of_names},
};

template <std::size_t count>
std::optional<std::string> find_in(const rule (&rules)[count], const std::string &key, const std::string &value) {
  for (const rule &one : rules) {
    const bool is_meant = one.name.ends_with('.') ? key.starts_with(one.name) : key == one.name;
    if (!is_meant) continue;
    const bool is_followed = !one.followed_value.empty() && boost::algorithm::iequals(value, one.followed_value);
    if (!is_followed) return std::string(one.instead);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> why_refused(const std::string &key, const std::string &value) {
  return find_in(refused, key, value);
}

bool is_unknown_property(const std::string &key) {
  return key.starts_with("evodb.") && key != max_snapshots_property && !is_idempotency_property(key);
}

std::optional<std::string> why_without_effect(const std::string &key, const std::string &value) {
  std::optional<std::string> why = merge_settings::why_ignored(key, value);
  return why ? why : find_in(without_effect, key, value);
}

void warn_without_effect(const std::string &key, const std::string &value, std::vector<error> &warnings) {
  std::optional<std::string> why = why_without_effect(key, value);
  if (is_unknown_property(key)) why = "this library does not know it";
  if (why) warnings.emplace_back(status::UNSUPPORTED, fmt::format("{} has no effect here: {}", key, *why), key);
}

void check_removable(const std::string &key) {
  if (!is_idempotency_property(key)) return;
  fail(status::INVALID_ARGUMENT, fmt::format("the property records idempotency keys: {}", key), key);
}

void check_property(const std::string &key, const std::string &value) {
  check_removable(key);
  if (key == max_snapshots_property && !parse_max_snapshots(value))
    fail(status::INVALID_ARGUMENT, fmt::format("{} is a number from 0 (no limit) up, not '{}'", key, value), key);
  if (const std::optional<std::string> why = why_refused(key, value))
    fail(status::UNSUPPORTED, fmt::format("{} cannot be '{}': {}", key, value, *why), key);
  if (key != name_mapping_property) return;
  try {
    read_name_mapping_text(value, name_mapping_property);
  } catch (const error &wrong) {
    fail(status::INVALID_ARGUMENT, fmt::format("the property is no name mapping: {}", wrong.message()), key);
  }
}

}  // namespace evodb
