#include "simulation/oracle.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "catalog/filesystem/metadata_files.h"
#include "codec/manifest_list.h"
#include "codec/manifest_reader.h"
#include "codec/table_metadata_json.h"
#include "runtime/memory_budget.h"
#include "simulation/file_model.h"
#include "simulation/file_operations.h"
#include "simulation/process.h"
#include "simulation/writer.h"

namespace evodb::simulation {
namespace {

/// No snapshot that is younger may expire.
constexpr std::int64_t kept_for_ms = 3600 * 1000;

const std::string scheme = fmt::format("s3://{}/", bucket_name);

class judging {
 public:
  judging(const bucket &store, const ledger &told, std::map<std::string, std::int64_t> &counts)
      : store_(store), told_(told), counts_(counts) {}

  std::vector<std::string> run() {
    read_versions();
    if (!newest_) return std::move(violations_);
    count_changes();
    read_every_snapshot();
    check_hint();
    return std::move(violations_);
  }

 private:
  void violate(std::string what) { violations_.push_back(std::move(what)); }

  /// Each version was made once, and holds all that the one before held.
  void read_versions() {
    std::set<std::string> made;
    for (const bucket::creation &one : store_.versions()) {
      const auto name = parse_metadata_file_name(one.key.substr(one.key.rfind('/') + 1));
      if (!name) continue;
      if (!made.insert(one.key).second) violate(fmt::format("{} was created twice", one.key));
      const auto metadata = std::make_shared<const table_metadata>(read_table_metadata(*one.body, one.key));
      const std::int64_t expected = newest_ ? newest_version_ + 1 : 1;
      if (name->version != expected) violate(fmt::format("{} was created where v{} was due", one.key, expected));
      if (newest_) check_follows(*metadata, one.key);
      for (const auto &[key, value] : metadata->properties) {
        if (key.starts_with(property_kind)) property_values_.insert(value);
      }
      model_.observe(*metadata);
      for (const auto &snapshot : metadata->snapshots) {
        if (const std::string *label = find_value(snapshot->summary, "label"))
          snapshots_[*label].insert(snapshot->snapshot_id);
      }
      newest_ = metadata;
      newest_version_ = name->version;
    }
  }

  void check_follows(const table_metadata &next, const std::string &key) {
    if (next.table_uuid != newest_->table_uuid) violate(fmt::format("{} is another table", key));
    for (const auto &before : newest_->snapshots) {
      if (next.find_snapshot(before->snapshot_id)) continue;
      ++counts_["snapshots expired"];
      const bool may_expire = next.last_updated_ms - before->timestamp_ms > kept_for_ms &&
                              newest_->property("evodb.commit.max-snapshots") != nullptr;
      if (!may_expire) violate(fmt::format("{} lost snapshot {}", key, before->snapshot_id));
    }
    for (const auto &[name, value] : newest_->properties) {
      if (!next.property(name)) violate(fmt::format("{} lost the property {}", key, name));
    }
    if (next.last_column_id < newest_->last_column_id) violate(fmt::format("{} lost a column id", key));
    if (next.metadata_log.empty() ||
        next.metadata_log.back().metadata_file !=
            scheme + std::string(table_name) + "/metadata/v" + std::to_string(newest_version_) + ".metadata.json") {
      violate(fmt::format("{} does not say that v{} was before it", key, newest_version_));
    }
  }

  void count_changes() {
    for (const auto &[label, told] : told_.entries()) {
      const int times = times_of(label);
      if (times > 1) violate(fmt::format("{} is there {} times", label, times));
      if (told == ledger::told::committed && times == 0) violate(fmt::format("{} was acknowledged and is lost", label));
      if (told == ledger::told::not_committed && times > 0) {
        violate(fmt::format("{} was said not to be committed and is there", label));
      }
    }
  }

  /// How often a change was made: how many snapshots any version had of it, which may have expired since.
  int times_of(const std::string &label) const {
    if (label.starts_with(property_kind)) return property_values_.contains(label) ? 1 : 0;
    if (label.starts_with(column_kind)) return newest_->current_schema()->find(label) == nullptr ? 0 : 1;
    const auto made = snapshots_.find(label);
    return made == snapshots_.end() ? 0 : static_cast<int>(made->second.size());
  }

  const bytes *object(const std::string &location_text, const std::string &by) {
    const auto found = store_.objects().find(location_text.substr(scheme.size()));
    if (found == store_.objects().end()) {
      violate(fmt::format("{} refers to {}, which is not there", by, location_text));
      return nullptr;
    }
    return found->second.body.get();
  }

  void read_every_snapshot() {
    for (const auto &snapshot : newest_->snapshots) {
      const std::string name = fmt::format("snapshot {}", snapshot->snapshot_id);
      const bytes *list = object(snapshot->manifest_list, name);
      if (list == nullptr) continue;
      held_files held;
      for (const manifest_file &manifest : read_manifest_list(*list, snapshot->manifest_list, budget_)) {
        const bytes *body = object(manifest.manifest_path, name);
        if (body == nullptr) continue;
        auto &files = manifest.content == manifest_content::data ? held.data : held.deletes;
        for (const auto &[key, partition] : live_files(manifest, *body)) {
          if (!files.emplace(key, partition).second) violate(fmt::format("{} holds {} twice", name, key));
        }
      }
      const held_files *expected = model_.holds(snapshot->snapshot_id);
      if (expected != nullptr && held != *expected) violate(difference(name, held, *expected));
      for (const auto &[key, count] :
           {std::pair("total-data-files", held.data.size()), std::pair("total-delete-files", held.deletes.size())}) {
        const std::string *total = find_value(snapshot->summary, key);
        if (total == nullptr || *total != std::to_string(count))
          violate(fmt::format("{} says {} {}, its manifests have {}", name, key, total ? *total : "nothing", count));
      }
    }
  }

  using files_of_manifest = std::vector<std::pair<std::string, int>>;

  const files_of_manifest &live_files(const manifest_file &listed, const bytes &body) {
    const auto [at, is_new] = read_.try_emplace(listed.manifest_path);
    if (!is_new) return at->second;
    const partition_spec &spec = *newest_->find_spec(listed.partition_spec_id);
    const std::vector<type> types = result_types(spec, *newest_->current_schema());
    manifest_columns_wanted wanted;
    wanted.details = true;
    const manifest_entries entries = read_manifest(body, listed, spec, types, wanted, budget_);
    for (std::size_t row = 0; row < entries.size(); ++row) {
      if (!entries.is_live(row)) continue;
      const std::string path(entries.files.path(row)), of(entries.files.referenced_data_file(row));
      const auto partition = static_cast<int>(entries.files.partitions[0].integers[row]);
      at->second.emplace_back(of.empty() ? path : delete_key(of, entries.snapshot_ids[row]), partition);
      if (!of.empty() && !is_made_up(path)) object(path, listed.manifest_path);
    }
    return at->second;
  }

  static std::string difference(const std::string &name, const held_files &is, const held_files &expected) {
    for (const auto files : {&held_files::data, &held_files::deletes}) {
      for (const auto &[path, partition] : is.*files) {
        if (!(expected.*files).contains(path)) return fmt::format("{} holds {}, which it should not", name, path);
      }
      for (const auto &[path, partition] : expected.*files) {
        if (!(is.*files).contains(path)) return fmt::format("{} does not hold {}", name, path);
      }
    }
    return fmt::format("{} holds a file in another partition than it should", name);
  }

  void check_hint() {
    const auto found = store_.objects().find(std::string(table_name) + "/metadata/version-hint.text");
    if (found == store_.objects().end()) return;
    const bytes &text = *found->second.body;
    std::int64_t hint = 0;
    std::from_chars(text.data(), text.data() + text.size(), hint);
    if (hint < 1 || hint > newest_version_) {
      violate(fmt::format("the hint says {}, the newest version is {}", text, newest_version_));
      return;
    }
    const std::string hinted = fmt::format("{}/metadata/v{}.metadata.json", table_name, hint);
    if (!store_.objects().contains(hinted)) violate(fmt::format("the hint says {}, which is not there", hint));
  }

  const bucket &store_;
  const ledger &told_;
  std::map<std::string, std::int64_t> &counts_;
  std::shared_ptr<const table_metadata> newest_;
  std::int64_t newest_version_ = 0;
  std::set<std::string> property_values_;                    ///< labels, that any version ever had
  std::map<std::string, std::set<std::int64_t>> snapshots_;  ///< that any version ever had, by the label of the change
  std::vector<std::string> violations_;
  file_model model_{[this](std::string what) { violate(std::move(what)); }};
  std::map<std::string, files_of_manifest> read_;  ///< by the manifests' paths
  memory_budget budget_{std::int64_t{1} << 30};
};

}  // namespace

std::vector<std::string> judge(const bucket &store, const ledger &told, std::map<std::string, std::int64_t> &counts) {
  return judging(store, told, counts).run();
}

}  // namespace evodb::simulation
