#include "table/snapshots/snapshot_producer.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <set>
#include <utility>

#include "codec/manifest_list.h"
#include "codec/manifest_writer.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"

namespace evodb {
namespace {

/// Iceberg's default target for a manifest (commit.manifest.target-size-bytes).
constexpr std::size_t target_manifest_bytes = 8u << 20;
constexpr std::size_t manifests_at_once = 8;
/// Orphans younger than three days are kept by every clean-up, so manifests may be referred to first within two.
constexpr std::int64_t manifest_reuse_ms = std::int64_t{2} * 24 * 3600 * 1000;

struct chunk {
  const data_files *files;
  std::size_t first, last;
};

/// About how many bytes of a manifest one row makes, from what it holds in memory; deflate halves it at least.
std::size_t estimated_row_bytes(const data_files &files) {
  constexpr std::size_t fixed_bytes = 40;
  constexpr std::size_t bytes_a_statistic = 12;
  const std::size_t text = files.arena.size() / std::max<std::size_t>(1, files.size());
  return (fixed_bytes + text + files.metrics.size() * 4 * bytes_a_statistic) / 2;
}

std::vector<chunk> split_into_manifests(const table_files &files) {
  std::vector<chunk> chunks;
  for (const auto &batch : files.batches) {
    const std::size_t most = std::max<std::size_t>(1, target_manifest_bytes / estimated_row_bytes(*batch));
    const std::size_t manifests = (batch->size() + most - 1) / most;
    for (std::size_t i = 0; i < manifests; ++i) {
      chunks.push_back({batch.get(), batch->size() * i / manifests, batch->size() * (i + 1) / manifests});
    }
  }
  return chunks;
}

std::string metadata_location(const table_context &context, std::string_view name) {
  return context.location().child("metadata").child(name).to_text();
}

std::optional<std::int64_t> parse_total(const std::string *text) {
  std::int64_t total = 0;
  if (text == nullptr) return std::nullopt;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), total);
  if (failed != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return total;
}

std::int64_t changed_partition_count(const table_files &files, const table_metadata &base) {
  std::set<std::string> partitions;
  for (const auto &batch : files.batches) {
    const partition_spec *spec = base.find_spec(batch->spec_id);
    if (spec == nullptr || spec->is_unpartitioned()) {
      partitions.insert({});
      continue;
    }
    bytes tuple;
    for (std::size_t row = 0; row < batch->size(); ++row) {
      tuple.clear();
      for (const value_column &column : batch->partitions) {
        const value v = column.at(row, batch->arena);
        const bytes part = is_null(v) ? bytes("-") : "+" + to_single_value(column.type, v);
        append_le(tuple, static_cast<std::uint32_t>(part.size()));
        tuple += part;
      }
      partitions.insert(tuple);
    }
  }
  return static_cast<std::int64_t>(partitions.size());
}

bool has_spec(const table_metadata &metadata, const partition_spec &spec) {
  const partition_spec *found = metadata.find_spec(spec.spec_id);
  return found != nullptr && found->same_fields(spec);
}

/// The summary's totals follow from the parent's; where the parent does not say, neither do we (as in Iceberg Java).
void add_totals(string_pairs &summary, const snapshot *parent, std::int64_t files, std::int64_t records,
                std::int64_t size) {
  const std::pair<const char *, std::int64_t> totals[] = {{"total-records", records},    {"total-files-size", size},
                                                          {"total-data-files", files},   {"total-delete-files", 0},
                                                          {"total-position-deletes", 0}, {"total-equality-deletes", 0}};
  for (const auto &[key, added] : totals) {
    std::optional<std::int64_t> before = 0;
    if (parent != nullptr) before = parse_total(find_value(parent->summary, key));
    if (before) set_value(summary, key, std::to_string(*before + added));
  }
}

/// The list of an append's own manifests and those of its parent, encoded; `made` gets the rows that it adds.
std::shared_ptr<const bytes> encode_manifest_list(const manifest_files &own, const manifest_files &parents,
                                                  int format_version, snapshot &made, manifest_files &listed) {
  listed.reserve(parents.size() + own.size());
  std::int64_t next_row_id = made.first_row_id.value_or(0);
  for (manifest_file row : own) {
    row.sequence_number = made.sequence_number;
    row.min_sequence_number = made.sequence_number;
    if (format_version >= 3) {
      row.first_row_id = next_row_id;
      next_row_id += row.added_rows_count.value_or(0);
    }
    listed.push_back(std::move(row));
  }
  for (const manifest_file &kept : parents) {
    if (kept.has_live_files() || kept.deleted_files_count.value_or(1) != 0) listed.push_back(kept);
  }
  if (format_version >= 3) {
    // Manifests from before the table was upgraded get their row ids with the first snapshot that keeps them.
    for (std::size_t i = own.size(); i < listed.size(); ++i) {
      manifest_file &kept = listed[i];
      if (kept.content != manifest_content::data || kept.first_row_id) continue;
      kept.first_row_id = next_row_id;
      next_row_id += kept.added_rows_count.value_or(0) + kept.existing_rows_count.value_or(0);
    }
    made.added_rows = next_row_id - *made.first_row_id;
  }
  manifest_list_target target;
  target.format_version = format_version;
  target.snapshot_id = made.snapshot_id;
  target.parent_snapshot_id = made.parent_snapshot_id;
  target.sequence_number = made.sequence_number;
  target.first_row_id = made.first_row_id;
  return std::make_shared<const bytes>(write_manifest_list(listed, target));
}

}  // namespace

snapshot appended_snapshot(const change &appending, const std::optional<idempotency_key> &key,
                           const table_metadata &base, std::int64_t timestamp_ms) {
  const auto &append = std::get<table_change::append>(appending.body());
  const std::shared_ptr<const snapshot> parent = base.current_snapshot();
  std::int64_t size = 0;
  for (const auto &batch : append.files->batches) {
    for (std::int64_t bytes_of_file : batch->file_sizes) size += bytes_of_file;
  }
  snapshot made;
  made.snapshot_id = append.snapshot_id;
  if (parent) made.parent_snapshot_id = parent->snapshot_id;
  made.sequence_number = base.last_sequence_number + 1;
  made.timestamp_ms = timestamp_ms;
  made.schema_id = base.current_schema_id;
  set_value(made.summary, "operation", "append");
  for (const auto &[name, text] : append.summary) set_value(made.summary, name, text);
  set_value(made.summary, "evodb.change", appending.id().to_text());
  if (key) set_value(made.summary, key->property(), std::to_string(key->sequence));
  set_value(made.summary, "added-data-files", std::to_string(append.files->count()));
  set_value(made.summary, "added-records", std::to_string(append.files->record_count()));
  set_value(made.summary, "added-files-size", std::to_string(size));
  set_value(made.summary, "changed-partition-count", std::to_string(changed_partition_count(*append.files, base)));
  add_totals(made.summary, parent.get(), append.files->count(), append.files->record_count(), size);
  if (base.format_version >= 3) {
    made.first_row_id = base.next_row_id;
    made.added_rows = append.files->record_count();
  }
  return made;
}

void check_summary(const string_pairs &given) {
  for (const auto &[key, text] : given) {
    bool is_ours = key.empty() || key == "operation" || key == "changed-partition-count";
    for (const std::string_view prefix : {"added-", "deleted-", "removed-", "total-", "evodb."}) {
      is_ours |= key.starts_with(prefix);
    }
    if (is_ours) {
      fail(status::INVALID_ARGUMENT, fmt::format("the summary's {} is not the caller's to write", key),
           "summary." + key);
    }
  }
}

void check_files_belong(const table_files &files, const table_metadata &to) {
  if (files.table_uuid != to.table_uuid) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("the files were made for table {} at {}, not for table {} at {}", files.table_uuid.to_text(),
                     files.table_location, to.table_uuid.to_text(), to.location),
         to.location);
  }
  if (!has_spec(to, files.spec)) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("the files are partitioned by spec {}, which this value of the table does not have: take the one "
                     "that they were made for, or a newer one",
                     files.spec.spec_id),
         to.location);
  }
}

void check_files_fit(const table_files &files, const table_metadata &base) {
  const schema &now = *base.current_schema();
  const schema &before = *files.checked_against;
  if (!has_spec(base, files.spec)) {
    fail(status::CONFLICT,
         fmt::format("the files are partitioned by spec {}, which the table does not have", files.spec.spec_id),
         base.location);
  }
  for (const partition_field &f : files.spec.fields) {
    if (f.transform.kind != transform::kind::unknown) continue;
    fail(status::UNSUPPORTED,
         fmt::format("files are not appended to a table that is partitioned by a transform that this library does not "
                     "have: {}",
                     f.transform.to_text()),
         f.name);
  }
  if (now.same_fields(before)) return;
  for (const auto &batch : files.batches) {
    for (const metrics_column &column : batch->metrics) {
      const field *was = before.find(column.field_id);
      if (was == nullptr) continue;
      const std::string name = before.full_name(column.field_id);
      const field *is = now.find(column.field_id);
      if (is == nullptr) {
        fail(status::CONFLICT,
             fmt::format("the files hold the column {}, which schema {} of the table no longer has", name,
                         now.schema_id()),
             name);
      }
      if (!can_promote(was->type, is->type, base.format_version)) {
        fail(status::CONFLICT,
             fmt::format("the files hold the column {} as {}, which schema {} of the table has as {}", name,
                         was->type.to_text(), now.schema_id(), is->type.to_text()),
             name);
      }
    }
  }
  now.for_each([&](const field &f, const std::string &name) {
    const bool has_default = f.initial_default && !is_null(*f.initial_default);
    if (f.required && !has_default && before.find(f.id) == nullptr && now.is_single_valued(f.id)) {
      fail(status::CONFLICT,
           fmt::format("the files lack the column {}, which schema {} of the table requires", name, now.schema_id()),
           name);
    }
  });
}

task<change::written_manifests> make_manifests(table_context &context, std::shared_ptr<change> appending,
                                               std::shared_ptr<const table_metadata> base, pending_files &files) {
  const change::written_manifests before = appending->manifests();
  const std::int64_t age_ms = context.storage()->now_ms() - before.written_at_ms;
  if (before.rows && age_ms >= 0 && age_ms < manifest_reuse_ms) co_return before;
  const auto &append = std::get<table_change::append>(appending->body());
  const std::vector<chunk> chunks = split_into_manifests(*append.files);
  manifest_files made(chunks.size());
  pending_files of_many(context.storage());
  pending_files &unwritten = chunks.size() > manifests_at_once ? of_many : files;
  const std::string unique = context.runtime().random_uuid().to_text();
  auto make_one = [&](std::size_t i) -> task<> {
    auto encode = [&, i] {
      manifest_target target;
      target.format_version = base->format_version;
      target.table_schema = append.files->checked_against.get();
      target.spec = base->find_spec(chunks[i].files->spec_id);
      target.content = manifest_content::data;
      target.snapshot_id = append.snapshot_id;
      return write_added_manifest(*chunks[i].files, chunks[i].first, chunks[i].last, target);
    };
    written_manifest manifest = co_await run_on(context.runtime().cpu(), encode);
    manifest.row.manifest_path = metadata_location(context, fmt::format("{}-m{}.avro", unique, i));
    unwritten.add(manifest.row.manifest_path, std::move(manifest.file));
    made[i] = std::move(manifest.row);
  };
  for (std::size_t first = 0; first < chunks.size(); first += manifests_at_once) {
    std::function<task<>(std::size_t)> body = [&, first](std::size_t i) { return make_one(first + i); };
    const std::size_t count = std::min(manifests_at_once, chunks.size() - first);
    co_await for_each_concurrently(count, count, std::move(body));
    co_await of_many.write();
  }
  change::written_manifests result;
  result.rows = std::make_shared<const manifest_files>(std::move(made));
  co_return result;
}

task<std::shared_ptr<const manifest_files>> make_manifest_list(table_context &context,
                                                               std::shared_ptr<const manifest_files> own,
                                                               std::shared_ptr<const manifest_files> parents,
                                                               std::function<snapshot()> describe, snapshot &made,
                                                               int format_version, pending_files &files) {
  auto listed = std::make_shared<manifest_files>();
  auto encode = [&] {
    made = describe();
    return encode_manifest_list(*own, *parents, format_version, made, *listed);
  };
  std::shared_ptr<const bytes> body = co_await run_on(context.runtime().cpu(), encode);
  const std::string unique = context.runtime().random_uuid().to_text();
  made.manifest_list = metadata_location(context, fmt::format("snap-{}-1-{}.avro", made.snapshot_id, unique));
  files.add(made.manifest_list, std::move(body));
  co_return listed;
}

}  // namespace evodb
