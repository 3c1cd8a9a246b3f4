#include "table/table.h"

#include <algorithm>
#include <utility>

#include "runtime/run_on.h"

namespace evodb {
namespace {

std::int64_t next_timestamp(const storage &where, const table_metadata &metadata) {
  return std::max(where.now_ms(), metadata.last_updated_ms + 1);  // Java refuses tables whose clock steps back
}

/// With what it does to `metadata`.
void preview(table_metadata &metadata, const change &applied, const storage &where) {
  const commit_stamp stamp(next_timestamp(where, metadata), applied.id());
  for (const table_update &update : applied.operation().preview(metadata, stamp)) {
    apply(metadata, update, stamp.timestamp_ms);
  }
}

void add_paths(added_paths &paths, const change &of) {
  const file_changes *files = of.operation().files();
  if (files != nullptr && files->added) paths.add(*files->added);
}

}  // namespace

table::table(std::shared_ptr<table_context> context, table_version base, commit_report report)
    : context_(std::move(context)), base_(std::move(base)), report_(std::move(report)), metadata_(base_.metadata) {}

table::table(std::shared_ptr<table_context> context, table_version base, changes uncommitted, added_paths paths,
             std::shared_ptr<const table_metadata> metadata)
    : context_(std::move(context)),
      base_(std::move(base)),
      changes_(std::move(uncommitted)),
      paths_(std::move(paths)),
      metadata_(std::move(metadata)) {}

table table::of_new(std::shared_ptr<table_context> context, std::shared_ptr<const table_operation> made_by) {
  table_version base;
  base.metadata = made_by->initial_metadata();
  auto metadata = base.metadata;
  changes first{std::make_shared<change>(context->runtime().random_uuid(), std::move(made_by))};
  return table(std::move(context), std::move(base), std::move(first), added_paths(), std::move(metadata));
}

table table::with(std::shared_ptr<const table_operation> done) const {
  auto added = std::make_shared<change>(context_->runtime().random_uuid(), std::move(done));
  added_paths paths = paths_;
  add_paths(paths, *added);
  auto changed = std::make_shared<table_metadata>(*metadata_);
  preview(*changed, *added, *context_->storage());
  changes all = changes_;
  all.push_back(std::move(added));
  return table(context_, base_, std::move(all), std::move(paths), std::move(changed));
}

table table::rebased_on(table_version base) const {
  changes remaining;
  added_paths paths;
  auto changed = std::make_shared<table_metadata>(*base.metadata);
  for (const auto &change : changes_) {
    if (change->is_committed() || change->operation().is_in(*base.metadata)) continue;
    preview(*changed, *change, *context_->storage());
    add_paths(paths, *change);
    remaining.push_back(change);
  }
  return table(context_, std::move(base), std::move(remaining), std::move(paths), std::move(changed));
}

std::vector<error> table::warnings() const {
  std::vector<error> all = report_.warnings;
  for (const auto &change : changes_) {
    const std::vector<error> more = change->operation().warnings();
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

task<table> refresh(table of) {
  const std::shared_ptr<table_context> context = of.context();
  const bool is_to_be_made = !of.uncommitted().empty() &&
                             of.uncommitted().front()->operation().initial_metadata() != nullptr &&
                             !of.uncommitted().front()->is_committed();
  if (is_to_be_made) co_return of;
  table_version known = of.base();
  table_version newest = co_await context->newest(of.metadata()->table_uuid, std::move(known));
  if (of.uncommitted().empty()) co_return of.rebased_on(std::move(newest));
  auto rebase = [&] { return of.rebased_on(std::move(newest)); };
  co_return co_await run_on(context->runtime().cpu(), rebase);
}

}  // namespace evodb
