#include "table/snapshots/snapshot_operation.h"

#include <functional>
#include <utility>

#include "codec/name_mapping_json.h"
#include "model/name_mapping.h"
#include "runtime/run_on.h"
#include "table/manifests/version_files.h"
#include "table/snapshots/files_fit.h"
#include "table/snapshots/new_manifest_list.h"

namespace evodb {
namespace {

constexpr std::uint64_t snapshot_id_mask = (std::uint64_t{1} << 53) - 1;

}  // namespace

std::int64_t new_snapshot_id(runtime &environment, const table_metadata &in) {
  for (;;) {
    const auto id = static_cast<std::int64_t>(environment.random_u64() & snapshot_id_mask);
    if (id != 0 && !in.find_snapshot(id)) return id;
  }
}

snapshot_operation::snapshot_operation(file_changes changes, snapshot_plan plan, const table_metadata &of)
    : changes_(std::move(changes)), plan_(std::move(plan)), manifests_(changes_.added, plan_.snapshot_id) {
  check_files_belong(*changes_.added, of);
  check_summary(plan_.summary);
}

bool snapshot_operation::is_in(const table_metadata &base) const noexcept {
  return base.find_snapshot(plan_.snapshot_id) != nullptr;
}

task<> snapshot_operation::validate(const table_metadata &, std::shared_ptr<const std::vector<manifest_file>>,
                                    table_context &) const {
  co_return;
}

std::vector<table_update> snapshot_operation::updates(const table_metadata &base,
                                                      std::shared_ptr<const snapshot> made) const {
  std::vector<table_update> all;
  if (changes_.added->need_name_mapping && base.property(name_mapping_property) == nullptr) {
    const std::string mapping = write_name_mapping_text(create_name_mapping(*base.current_schema()));
    all.push_back(update::set_properties{{{name_mapping_property, mapping}}});
  }
  all.push_back(update::add_snapshot{std::move(made)});
  all.push_back(move_branch(base, plan_.branch, plan_.snapshot_id));
  return all;
}

std::vector<table_update> snapshot_operation::preview(const table_metadata &base, const commit_stamp &stamp) const {
  check_files_fit(*changes_.added, base);
  return updates(
      base, std::make_shared<const snapshot>(describe_snapshot(summary_operation(), changes_, plan_, base, stamp)));
}

task<std::vector<table_update>> snapshot_operation::produce(const table_metadata &base, commit_stamp stamp,
                                                            version_files &files) const {
  const executor cpu = files.context().runtime().cpu();
  auto check = [&] { check_files_fit(*changes_.added, base); };
  co_await run_on(cpu, check);
  const std::shared_ptr<const manifest_files> present =
      co_await files.manifests_to_build_on(head_of(base, plan_.branch), base);
  co_await validate(base, present, files.context());
  const std::shared_ptr<const manifest_files> added = co_await manifests_.make(base, files);
  snapshot made;
  std::shared_ptr<manifest_files> listed = std::make_shared<manifest_files>();
  std::function<bytes()> encode = [&] {
    made = describe_snapshot(summary_operation(), changes_, plan_, base, stamp);
    return encode_manifest_list(*added, *present, base.format_version, made, *listed);
  };
  bytes list = co_await run_on(cpu, encode);
  made.manifest_list = files.add_list(made.snapshot_id, std::move(list), std::move(listed));
  co_return updates(base, std::make_shared<const snapshot>(std::move(made)));
}

}  // namespace evodb
