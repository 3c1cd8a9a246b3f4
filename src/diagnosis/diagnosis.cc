#include "diagnosis/diagnosis.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "catalog/filesystem/metadata_files.h"
#include "codec/manifest_list.h"
#include "diagnosis/location_checks.h"
#include "diagnosis/metadata_checks.h"
#include "diagnosis/small_files.h"
#include "table/manifests/manifests_in_metadata.h"
#include "table/manifests/snapshot_manifests.h"
#include "table/open_tables.h"

namespace evodb {
namespace {

constexpr std::int64_t most_names_looked_at = 1000;

/// The name of a metadata file that a catalog, and no file-system table, would have; empty if there is none.
task<std::string> find_catalogs_metadata(const table_context &of) {
  list_options options;
  options.prefix = of.location().child(metadata_folder).key + "/";
  options.limit = most_names_looked_at;
  const listing found = co_await of.storage()->store().list(std::move(options));
  for (const object_meta &meta : found.objects) {
    if (names_metadata_file(meta.key)) co_return meta.key.substr(meta.key.rfind('/') + 1);
  }
  co_return std::string();
}

health_check opened(const table_version &version) {
  const table_metadata &metadata = *version.metadata;
  health_check one("table");
  if (version.version != table_version::unnumbered) one.with(version.version);
  one.say(fmt::format("format version {}, uuid {}, {}", metadata.format_version, metadata.table_uuid.to_text(),
                      version.metadata_location));
  if (metadata.format_version < 2) one.say("a table of format version 1 can be read, not appended to");
  for (const std::string &problem : metadata.not_understood) {
    one.say("it can be read, not committed to, since the commit would lose what this version cannot read: " + problem);
  }
  return one;
}

/// Reads the manifest list of the current snapshot, and some of its manifests.
task<health_checks> diagnose_snapshot(std::shared_ptr<table_context> of,
                                      std::shared_ptr<const table_metadata> metadata) {
  const std::shared_ptr<const snapshot> current = metadata->current_snapshot();
  std::optional<error> broken;
  manifest_files manifests;
  try {
    if (current && current->manifest_list.empty()) {
      manifests = manifests_in_metadata(*current);
    } else if (current) {
      const std::string key = of->storage()->key_of(current->manifest_list);
      const object list = co_await get_whole(of->storage()->store(), key, largest_manifest_list_bytes);
      manifests = read_manifest_list(list.body, current->manifest_list, of->runtime().memory());
    }
  } catch (const error &wrong) {
    broken = wrong;
  }
  health_checks found;
  if (broken) {
    found.emplace_back("manifests").fail(sentence_of(*broken));
    co_return found;
  }
  found = diagnose_manifests(manifests);
  found.push_back(co_await diagnose_small_files(std::move(of), std::move(metadata), std::move(manifests)));
  co_return found;
}

/// Whether a store would answer so to any other request, too.
bool concerns_whole_store(const error &why) {
  return why.code() == status::STORAGE_UNAVAILABLE || (why.store.http_status > 0 && why.store.code != "AccessDenied");
}

void append(health_checks &to, health_checks more) {
  for (health_check &one : more) to.push_back(std::move(one));
}

}  // namespace

task<health_checks> diagnose(std::shared_ptr<table_context> of) {
  health_checks found;
  std::optional<table_version> newest;
  std::optional<error> broken;
  try {
    newest = co_await of->load();
    open_tables apart(of->storage());
    const std::shared_ptr<table_context> by_metadata = co_await apart.find_by_metadata(of, newest->metadata);
    if (by_metadata != of) newest = co_await by_metadata->load();
    of = by_metadata;
  } catch (const error &wrong) {
    broken = wrong;
  }
  const bool is_one_file = names_metadata_file(of->location().to_text());
  if (broken && concerns_whole_store(*broken)) {
    found.emplace_back("table").fail(sentence_of(*broken)).say("nothing else was tried");
    co_return found;
  }
  if (broken && broken->code() == status::NOT_FOUND) {
    std::string foreign;
    if (!is_one_file) foreign = co_await find_catalogs_metadata(*of);
    if (foreign.empty()) throw *std::move(broken);
    health_check one("table");
    one.fail(
        fmt::format("there is no v<N>.metadata.json, but {}: this table belongs to a catalog, which alone can say "
                    "which version is the newest; name one metadata file to read it as it is",
                    foreign));
    found.push_back(std::move(one));
    co_return found;
  }
  if (newest) {
    found.push_back(opened(*newest));
  } else {
    health_check one("table");
    one.fail(sentence_of(*broken));
    found.push_back(std::move(one));
  }
  std::int64_t now_ms = of->runtime().now_ms();
  if (!is_one_file) {
    location_checks place(of, newest);
    append(found, co_await place.run());
    now_ms = place.now_ms();
  }
  if (newest) {
    append(found, diagnose_metadata(*newest, now_ms));
    auto metadata = newest->metadata;
    append(found, co_await diagnose_snapshot(of, std::move(metadata)));
  }
  co_return found;
}

}  // namespace evodb
