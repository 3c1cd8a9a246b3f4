#include "table/snapshots/snapshot_operation.h"

#include <functional>
#include <utility>

#include "codec/name_mapping_json.h"
#include "model/name_mapping.h"
#include "runtime/run_on.h"
#include "table/manifests/version_files.h"
#include "table/snapshots/conflicts.h"
#include "table/snapshots/files_fit.h"
#include "table/snapshots/new_manifest_list.h"
#include "table/snapshots/removal.h"
#include "table/snapshots/row_deletion.h"

namespace evodb {
namespace {

constexpr std::uint64_t snapshot_id_mask = (std::uint64_t{1} << 53) - 1;

file_totals totals_of(const file_changes &changes) {
  file_totals added;
  for (const auto &files : changes.all_added()) added.add(*files);
  return added;
}

}  // namespace

std::int64_t new_snapshot_id(runtime &environment, const table_metadata &in) {
  for (;;) {
    const auto id = static_cast<std::int64_t>(environment.random_u64() & snapshot_id_mask);
    if (id != 0 && !in.find_snapshot(id)) return id;
  }
}

snapshot_operation::snapshot_operation(const table &of, file_changes changes, snapshot_plan plan, conflict_rules rules)
    : snapshot_operation(of, std::move(changes), plan, std::move(rules), seen_branch(of, plan.branch)) {}

snapshot_operation::snapshot_operation(const table &of, file_changes changes, snapshot_plan plan, conflict_rules rules,
                                       seen_branch seen)
    : changes_(std::move(changes)),
      plan_(std::move(plan)),
      rules_(std::move(rules)),
      seen_(std::move(seen)),
      made_with_(of.metadata()->current_schema()),
      data_manifests_(changes_.added, manifest_content::data, plan_.snapshot_id, changes_.data_sequence_number),
      delete_manifests_(changes_.deletes, manifest_content::deletes, plan_.snapshot_id) {
  const table_metadata &metadata = *of.metadata();
  if (metadata.format_version < 2) {
    fail(status::UNSUPPORTED,
         "tables of format version 1 can be read, but their files are not changed: upgrade the table",
         of.context()->location().to_text());
  }
  for (const auto &files : changes_.all_added()) check_files_belong(*files, metadata);
  if (changes_.added && changes_.added->hold_deletes())
    fail(status::INVALID_ARGUMENT, "these are delete files, which evodb_table_row_delta adds to a table");
  check_branch(plan_.branch, metadata);
  check_summary(plan_.summary);
}

bool snapshot_operation::is_in(const table_metadata &base) const noexcept {
  return base.find_snapshot(plan_.snapshot_id) != nullptr;
}

task<> snapshot_operation::validate(const table_metadata &, std::shared_ptr<const std::vector<manifest_file>>,
                                    table_context &) const {
  co_return;
}

task<std::shared_ptr<const manifest_files>> snapshot_operation::manifests_to_keep(std::shared_ptr<const snapshot> head,
                                                                                  const table_metadata &base,
                                                                                  version_files &files) const {
  return files.manifests_to_build_on(std::move(head), base);
}

void snapshot_operation::check_totals(const file_totals &, const file_totals &) const {}

std::vector<error> snapshot_operation::warnings() const {
  std::vector<error> all;
  for (const auto &files : changes_.all_added()) all.insert(all.end(), files->warnings.begin(), files->warnings.end());
  return all;
}

void snapshot_operation::check_fit(const table_metadata &base) const {
  for (const auto &files : changes_.all_added()) check_files_fit(*files, base);
  check_filter_fits(changes_.removed.filter, *made_with_, base);
  check_filter_fits(rules_.within, *made_with_, base);
}

std::vector<table_update> snapshot_operation::updates(const table_metadata &base,
                                                      std::shared_ptr<const snapshot> made) const {
  std::vector<table_update> all;
  const bool need_mapping = changes_.added && changes_.added->need_name_mapping;
  if (need_mapping && base.property(name_mapping_property) == nullptr) {
    const std::string mapping = write_name_mapping_text(create_name_mapping(*base.current_schema()));
    all.push_back(update::set_properties{{{name_mapping_property, mapping}}});
  }
  all.push_back(update::add_snapshot{std::move(made)});
  if (!plan_.is_staged) all.push_back(move_branch(base, plan_.branch, plan_.snapshot_id));
  return all;
}

std::vector<table_update> snapshot_operation::preview(const table_metadata &base, const commit_stamp &stamp) const {
  check_fit(base);
  const file_totals none;
  const file_totals *removed = changes_.only_add_data() ? &none : nullptr;
  return updates(base,
                 std::make_shared<const snapshot>(describe_snapshot(plan_, totals_of(changes_), removed, base, stamp)));
}

task<std::vector<table_update>> snapshot_operation::produce(const table_metadata &base, commit_stamp stamp,
                                                            version_files &files) const {
  const executor cpu = files.context().runtime().cpu();
  auto check = [&] { check_fit(base); };
  co_await run_on(cpu, check);
  const std::shared_ptr<const snapshot> head = head_of(base, plan_.branch);
  removed_files removed;
  file_changes changes = changes_;
  std::shared_ptr<const manifest_files> deletes;
  if (changes_.only_add_data()) {
    removed.left = co_await manifests_to_keep(head, base, files);
    co_await validate(base, removed.left, files.context());
  } else {
    const std::vector<std::shared_ptr<const snapshot>> since = snapshots_since(seen_, base);
    const std::shared_ptr<const manifest_files> present = co_await files.manifests_of(head);
    co_await validate(base, present, files.context());
    co_await refuse_conflicts(rules_, changes, since, present, base, files);
    if (changes.rows) changes.deletes = co_await write_delete_file(*changes.rows, !since.empty(), present, base, files);
    removed = co_await remove_files(changes, plan_.snapshot_id, !since.empty(), present, base, files);
    co_await refuse_deletes_of_named(rules_, changes, removed.named, since, present, base, files);
  }
  const std::shared_ptr<const manifest_files> data = co_await data_manifests_.make(base, files);
  if (changes.rows) {
    const added_manifests of_rows(changes.deletes, manifest_content::deletes, plan_.snapshot_id);
    deletes = co_await of_rows.make(base, files);
  } else {
    deletes = co_await delete_manifests_.make(base, files);
  }
  snapshot made;
  std::shared_ptr<manifest_files> listed = std::make_shared<manifest_files>();
  std::function<bytes()> encode = [&] {
    const file_totals added = totals_of(changes);
    check_totals(added, removed.totals);
    made = describe_snapshot(plan_, added, &removed.totals, base, stamp);
    manifest_files own = *data;
    own.insert(own.end(), deletes->begin(), deletes->end());
    return encode_manifest_list(own, *removed.left, base.format_version, made, *listed);
  };
  bytes list = co_await run_on(cpu, encode);
  made.manifest_list = files.add_list(made.snapshot_id, std::move(list), std::move(listed));
  co_return updates(base, std::make_shared<const snapshot>(std::move(made)));
}

}  // namespace evodb
