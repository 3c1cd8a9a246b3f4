#include "diagnosis/metadata_checks.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/time.h"
#include "base/utf8.h"
#include "codec/json_writer.h"
#include "codec/name_mapping_json.h"
#include "table/operations/property_rules.h"
#include "table/snapshots/expiry.h"

namespace evodb {
namespace {

/// About twice the size of metadata with as many snapshots as the default limit allows.
constexpr std::int64_t large_metadata_bytes = std::int64_t{16} << 20;
constexpr std::size_t many_manifests = 1000;
constexpr std::int64_t files_of_a_sensible_manifest = 100;
constexpr const char *encryption_key_property = "encryption.key-id";

/// How a value begins, as it may stand in a sentence.
std::string quoted(std::string_view value) {
  constexpr std::size_t shown = 60;
  bytes json;
  json_writer(json).text(value.substr(0, offset_of_code_point(value, shown)));
  return json;
}

health_check check_last_updated(const table_metadata &of, std::int64_t now_ms) {
  health_check one("last-updated");
  one.with(of.last_updated_ms);
  if (of.last_updated_ms > now_ms + tolerated_clock_difference_ms) {
    one.fail(
        fmt::format("the newest version is of {}, which is to come: the clock of a writer was ahead, and until then "
                    "every commit is dated one millisecond after the one before; set that clock",
                    epoch_ms_to_text(of.last_updated_ms)));
  }
  return one;
}

health_check check_metadata_size(const table_version &of) {
  health_check one("metadata-size");
  one.with(of.metadata_bytes);
  if (of.metadata_bytes > large_metadata_bytes) {
    one.fail(
        fmt::format("every commit writes these {} bytes anew, with {} snapshots, {} schemas and {} properties; "
                    "fewer snapshots are kept with a lower {}",
                    of.metadata_bytes, of.metadata->snapshots.size(), of.metadata->schemas.size(),
                    of.metadata->properties.size(), max_snapshots_property));
  }
  return one;
}

health_check check_snapshots(const table_metadata &of) {
  health_check one("snapshots");
  one.with(static_cast<std::int64_t>(of.snapshots.size()));
  const std::optional<std::size_t> most = max_snapshots(of);
  if (!most || *most == 0 || of.snapshots.size() <= *most) return one;
  one.say(fmt::format("more than {}={}: {}", max_snapshots_property, *most,
                      keeps_every_snapshot(of)
                          ? "gc.enabled is false, so none expires"
                          : "the next commit takes out those older than an hour that no ref retains"));
  return one;
}

health_check check_name_mapping(const table_metadata &of) {
  health_check one("name-mapping");
  const std::string *text = of.property(name_mapping_property);
  if (text == nullptr) return one;
  try {
    one.with(static_cast<std::int64_t>(read_name_mapping_text(*text, name_mapping_property).size()));
  } catch (const error &wrong) {
    one.fail(
        fmt::format("files without field ids cannot be read: {}; set the property anew, or unset it where there "
                    "are none",
                    wrong.message()));
  }
  return one;
}

health_check check_properties(const table_metadata &of) {
  health_check one("properties");
  one.with(static_cast<std::int64_t>(of.properties.size()));
  if (!max_snapshots(of)) {
    one.fail(fmt::format("{} is no number, and counts as not set: {}", max_snapshots_property,
                         quoted(*of.property(max_snapshots_property))));
  } else if (keeps_every_snapshot(of) && of.property(max_snapshots_property) != nullptr) {
    one.say(fmt::format("{} is of no effect where gc.enabled is false", max_snapshots_property));
  }
  std::vector<std::string_view> unknown;
  for (const auto &[key, value] : of.properties) {
    if (is_unknown_property(key)) unknown.push_back(key);
  }
  if (!unknown.empty()) {
    one.fail(fmt::format("this library does not know {}, so it is of no effect{}", quoted(unknown.front()),
                         unknown.size() > 1 ? fmt::format(", like {} more", unknown.size() - 1) : ""));
  }
  if (of.property(encryption_key_property) != nullptr) {
    one.fail(
        fmt::format("{} is set, but this library neither reads nor writes encrypted files", encryption_key_property));
  }
  for (const auto &[key, value] : of.properties) {
    if (const auto why = why_refused(key, value)) {
      one.fail(fmt::format("{}={}, and {}; unset it before another engine commits", key, quoted(value), *why));
    } else if (const auto instead = why_without_effect(key, value)) {
      one.say(fmt::format("{}={} has no effect here: {}", quoted(key), quoted(value), *instead));
    }
  }
  return one;
}

}  // namespace

health_checks diagnose_metadata(const table_version &of, std::int64_t now_ms) {
  const table_metadata &metadata = *of.metadata;
  return {check_last_updated(metadata, now_ms), check_metadata_size(of), check_snapshots(metadata),
          check_name_mapping(metadata), check_properties(metadata)};
}

health_checks diagnose_manifests(const std::vector<manifest_file> &manifests) {
  health_check count("manifests");
  health_check deletes("delete-files");
  std::int64_t delete_manifests = 0;
  std::int64_t files = 0;
  for (const manifest_file &one : manifests) {
    files += one.live_files();
    if (one.content == manifest_content::deletes && one.has_live_files()) ++delete_manifests;
  }
  count.with(static_cast<std::int64_t>(manifests.size()));
  if (manifests.size() > many_manifests &&
      files / static_cast<std::int64_t>(manifests.size()) < files_of_a_sensible_manifest) {
    count.say(
        fmt::format("with {} files in all: a plan that cannot skip them reads one after another for little; append "
                    "more files at a time",
                    files));
  }
  deletes.with(delete_manifests);
  if (delete_manifests > 0) {
    deletes.say(
        "the current snapshot has delete files: readers must apply them, and plans must ask for them "
        "(plan.with-deletes, files --with-deletes)");
  }
  return {std::move(count), std::move(deletes)};
}

}  // namespace evodb
