#include "table/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "codec/name_mapping_json.h"
#include "runtime/run_on.h"
#include "table/apply_change.h"
#include "table/operations/property_rules.h"
#include "table/portable_location.h"
#include "table/snapshots/expiry.h"
#include "table/snapshots/snapshot_producer.h"

namespace evodb {
namespace {

/// JavaScript and jq destroy larger numbers.
constexpr std::uint64_t snapshot_id_mask = (std::uint64_t{1} << 53) - 1;

std::int64_t next_timestamp(const storage &where, const table_metadata &metadata) {
  return std::max(where.now_ms(), metadata.last_updated_ms + 1);  // Java refuses tables whose clock steps back
}

void preview(table_metadata &metadata, const change &applied, std::int64_t timestamp_ms) {
  std::optional<snapshot> appended;
  if (applied.snapshot_id()) appended = appended_snapshot(applied, std::nullopt, metadata, timestamp_ms);
  for (const table_update &update : updates_of(applied, metadata, appended ? &*appended : nullptr)) {
    apply(metadata, update, timestamp_ms);
  }
}

void check_property_is_the_callers(const std::string &key) {
  if (!is_idempotency_property(key)) return;
  fail(status::INVALID_ARGUMENT, fmt::format("the property records idempotency keys: {}", key), key);
}

void check_property(const std::string &key, const std::string &value) {
  check_property_is_the_callers(key);
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

template <typename Pairs>
void warn_of_properties(std::vector<error> &warnings, const Pairs &set) {
  for (const auto &[key, value] : set) {
    const std::optional<std::string> why = why_without_effect(key, value);
    if (why) warnings.emplace_back(status::UNSUPPORTED, fmt::format("{} has no effect here: {}", key, *why), key);
  }
}

}  // namespace

table::table(std::shared_ptr<table_context> context, table_version base, commit_report report)
    : context_(std::move(context)), base_(std::move(base)), report_(std::move(report)), metadata_(base_.metadata) {}

table::table(std::shared_ptr<table_context> context, table_version base, changes uncommitted, appended_paths paths,
             std::shared_ptr<const table_metadata> metadata)
    : context_(std::move(context)),
      base_(std::move(base)),
      changes_(std::move(uncommitted)),
      paths_(std::move(paths)),
      metadata_(std::move(metadata)) {}

table table::create(std::shared_ptr<table_context> context, const schema &columns, const partition_spec &spec,
                    int format_version, const string_pairs &properties) {
  if (columns.minimum_format_version() > format_version) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("the schema has types of format version {}, the table is to have version {}",
                     columns.minimum_format_version(), format_version));
  }
  if (!columns.ambiguous_name().empty()) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("two columns have the full name {}: rename one", columns.ambiguous_name()),
         columns.ambiguous_name());
  }
  check_portable_table(context->location());
  check_field_ids(columns);
  check_partition_spec(spec, columns);
  for (const auto &[key, value] : properties) check_property(key, value);
  table_metadata initial;
  initial.format_version = format_version;
  initial.table_uuid = context->runtime().random_uuid();
  initial.location = context->location().to_text();
  initial.last_updated_ms = context->storage()->now_ms();
  initial.last_column_id = columns.highest_id();
  initial.schemas.push_back(std::make_shared<const schema>(columns.with_id(0)));
  initial.partition_specs.push_back(spec);
  initial.partition_specs.back().spec_id = 0;
  for (const partition_field &field : spec.fields)
    initial.last_partition_id = std::max(initial.last_partition_id, field.field_id);
  initial.sort_orders.emplace_back();
  if (!properties.empty()) apply(initial, update::set_properties{properties}, initial.last_updated_ms);
  check_table_metadata(initial);

  table_version base;
  base.metadata = std::make_shared<const table_metadata>(std::move(initial));
  table_change::create body{base.metadata};
  changes first{std::make_shared<change>(context->runtime().random_uuid(), std::move(body))};
  auto metadata = base.metadata;
  return table(std::move(context), std::move(base), std::move(first), appended_paths(), std::move(metadata));
}

table table::with(change_body body) const {
  auto added = std::make_shared<change>(context_->runtime().random_uuid(), std::move(body));
  appended_paths paths = paths_;
  if (const auto *append = std::get_if<table_change::append>(&added->body())) paths.add(*append->files);
  auto changed = std::make_shared<table_metadata>(*metadata_);
  preview(*changed, *added, next_timestamp(*context_->storage(), *metadata_));
  changes all = changes_;
  all.push_back(std::move(added));
  return table(context_, base_, std::move(all), std::move(paths), std::move(changed));
}

table table::append(std::shared_ptr<const table_files> files, string_pairs summary, bool check_duplicates) const {
  if (metadata_->format_version < 2) {
    fail(status::UNSUPPORTED, "tables of format version 1 can be read, not appended to",
         context_->location().to_text());
  }
  if (files->count() == 0) fail(status::INVALID_ARGUMENT, "no files to append");
  check_files_belong(*files, *metadata_);
  check_summary(summary);
  table_change::append body;
  body.files = std::move(files);
  body.summary = std::move(summary);
  body.check_duplicates = check_duplicates;
  do {
    body.snapshot_id = static_cast<std::int64_t>(context_->runtime().random_u64() & snapshot_id_mask);
  } while (body.snapshot_id == 0 || metadata_->find_snapshot(body.snapshot_id));
  return with(std::move(body));
}

table table::evolve(schema_changes steps) const {
  return with(table_change::evolve{std::move(steps), metadata_->current_schema_id, metadata_->last_column_id});
}

table table::set_properties(string_pairs set, std::vector<std::string> removed) const {
  for (const auto &[key, value] : set) check_property(key, value);
  for (const std::string &key : removed) check_property_is_the_callers(key);
  return with(table_change::set_properties{std::move(set), std::move(removed)});
}

table table::roll_back(std::int64_t snapshot_id) const {
  if (!metadata_->find_snapshot(snapshot_id)) {
    fail(status::NOT_FOUND, fmt::format("the table has no snapshot {}", snapshot_id), context_->location().to_text());
  }
  return with(table_change::roll_back{snapshot_id, metadata_->current_snapshot_id});
}

table table::rebased_on(table_version base) const {
  changes remaining;
  appended_paths paths;
  auto changed = std::make_shared<table_metadata>(*base.metadata);
  for (const auto &change : changes_) {
    const bool is_there =
        change->is_committed() || (change->snapshot_id() && base.metadata->find_snapshot(*change->snapshot_id()));
    if (is_there) continue;
    preview(*changed, *change, next_timestamp(*context_->storage(), *changed));
    if (const auto *append = std::get_if<table_change::append>(&change->body())) paths.add(*append->files);
    remaining.push_back(change);
  }
  return table(context_, std::move(base), std::move(remaining), std::move(paths), std::move(changed));
}

std::vector<error> table::warnings() const {
  std::vector<error> all = report_.warnings;
  for (const auto &change : changes_) {
    if (const auto *created = std::get_if<table_change::create>(&change->body()))
      warn_of_properties(all, created->initial->properties);
    if (const auto *changed = std::get_if<table_change::set_properties>(&change->body()))
      warn_of_properties(all, changed->set);
    if (const auto *appended = std::get_if<table_change::append>(&change->body()))
      all.insert(all.end(), appended->files->warnings.begin(), appended->files->warnings.end());
  }
  return all;
}

task<table> open_table(std::shared_ptr<table_context> context) {
  table_version newest = co_await context->load();
  co_return table(std::move(context), std::move(newest));
}

task<table> refresh(table of) {
  const std::shared_ptr<table_context> context = of.context();
  const bool is_created = of.uncommitted().empty() ||
                          !std::holds_alternative<table_change::create>(of.uncommitted().front()->body()) ||
                          of.uncommitted().front()->is_committed();
  if (!is_created) co_return of;
  table_version known = of.base();
  table_version newest = co_await context->newest(of.metadata()->table_uuid, std::move(known));
  if (of.uncommitted().empty()) co_return of.rebased_on(std::move(newest));
  auto rebase = [&] { return of.rebased_on(std::move(newest)); };
  co_return co_await run_on(context->runtime().cpu(), rebase);
}

}  // namespace evodb
