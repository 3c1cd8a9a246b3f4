#include "simulation/file_operations.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "expression/parse.h"
#include "simulation/bucket.h"
#include "simulation/process.h"
#include "table/files/described_files.h"
#include "table/manifests/manifest_reader.h"
#include "table/manifests/snapshot_manifests.h"
#include "table/operations/append.h"
#include "table/operations/delete_rows.h"
#include "table/operations/overwrite.h"
#include "table/operations/replace_partitions.h"
#include "table/operations/rewrite_files.h"
#include "table/operations/row_delta.h"
#include "table/snapshots/branch_history.h"

namespace evodb::simulation {
namespace {

using kind = file_step::kind;

constexpr std::string_view made_up_ending = "-made-up.parquet";

/// One record a file, so that rewriting as many adds none.
std::shared_ptr<const table_files> data_files_of(const table &of, const file_step &step) {
  described_files described(of, false);
  for (const std::string &path : step.adds) {
    data_file one;
    one.file_path = path;
    one.record_count = 1;
    one.file_size = 100;
    described.add(std::move(one), fmt::format("{{\"p\":{}}}", step.partition));
  }
  return described.finish();
}

std::shared_ptr<const table_files> delete_files_of(const table &of, const file_step &step) {
  const table_metadata &metadata = *of.metadata();
  const partition_spec &spec = metadata.default_spec();
  data_files_builder builder(spec.spec_id, result_types(spec, *metadata.current_schema()), {spec.fields[0].field_id});
  for (std::size_t i = 0; i < step.deletes.size(); ++i) {
    data_file one;
    one.file_path = step.deletes[i];
    one.content = file_content::position_deletes;
    one.record_count = 1;
    one.file_size = 50;
    one.partition = {std::int32_t{step.partition}};
    one.referenced_data_file = step.names[i];
    builder.add(one);
  }
  auto files = std::make_shared<table_files>(metadata);
  files->batches.push_back(std::make_shared<const data_files>(std::move(builder).finish()));
  return files;
}

}  // namespace

table with_step(const table &of, file_step step, const std::string &label, const std::string &branch) {
  const seen_branch seen(of, branch);
  step.seen = seen.head.value_or(0);
  step.own = seen.own;
  const string_pairs summary = {{"label", label}, {step_property, step.to_text()}};
  if (step.what == kind::append) {
    append_options options;
    options.summary = summary;
    options.branch = branch;
    return append(of, data_files_of(of, step), std::move(options));
  }
  file_operation_options options;
  options.summary = summary;
  options.branch = branch;
  options.level = step.is_serializable ? isolation::serializable : isolation::snapshot;
  const predicate_ptr filter = parse_filter(fmt::format("p = {}", step.partition));
  const auto added = step.adds.empty() ? nullptr : data_files_of(of, step);
  switch (step.what) {
    case kind::delete_partition:
      return delete_where(of, filter, options);
    case kind::overwrite_partition:
      return overwrite(of, filter, added, options);
    case kind::replace_partition:
      return replace_partitions(of, added, options);
    case kind::delete_named:
      return delete_files(of, step.names, options);
    case kind::overwrite_named:
      return overwrite_files(of, step.names, added, options);
    case kind::rewrite_named:
      return rewrite_files(of, step.names, added, std::nullopt, options);
    case kind::delete_positions: {
      deleted_rows rows;
      rows.path = step.names.front();
      rows.positions = {0};
      return delete_rows(of, std::move(rows), options);
    }
    default:
      return row_delta(of, nullptr, delete_files_of(of, step), options);
  }
}

bool is_made_up(std::string_view delete_file) {
  return delete_file.ends_with(made_up_ending);
}

task<held_files> read_held_files(table of) {
  const table_metadata &metadata = *of.base().metadata;
  held_files held;
  const auto listed = co_await manifests_of(*of.context(), metadata.current_snapshot());
  for (const manifest_file &one : *listed) {
    if (!one.has_live_files()) continue;
    const partition_spec &spec = *metadata.find_spec(one.partition_spec_id);
    const std::vector<type> types = result_types(spec, *metadata.current_schema());
    manifest_columns_wanted wanted;
    wanted.details = true;
    const inherited_entries entries = co_await read_manifest_of(*of.context(), one, spec, types, wanted);
    for (std::size_t row = 0; row < entries->size(); ++row) {
      if (!entries->is_live(row)) continue;
      const auto partition = static_cast<int>(entries->files.partitions[0].integers[row]);
      const std::string of_file(entries->files.referenced_data_file(row));
      if (one.content == manifest_content::data) {
        held.data.emplace(entries->files.path(row), partition);
      } else {
        held.deletes.emplace(delete_key(of_file, entries.snapshot_id(row)), partition);
      }
    }
  }
  co_return held;
}

file_step choose_step(world &in, const held_files &held, const std::string &label) {
  file_step step;
  step.what = static_cast<kind>(in.below(static_cast<std::int64_t>(kind::delete_positions) + 1));
  step.partition = static_cast<int>(in.below(partitions));
  step.is_serializable = in.chance(0.5);
  std::vector<std::string> there;
  for (const auto &[path, partition] : held.data) {
    if (partition == step.partition) there.push_back(path);
  }
  const bool is_named = step.what >= kind::delete_named;
  if (is_named && there.empty()) step.what = kind::append;
  if (is_named && !there.empty()) {
    const auto count = static_cast<std::int64_t>(there.size());
    const auto first = static_cast<std::size_t>(in.below(count));
    step.names.push_back(there[first]);
    if (there.size() > 1 && step.what != kind::delete_positions && in.chance(0.5))
      step.names.push_back(there[(first + 1) % there.size()]);
  }
  const bool adds = step.what == kind::append || step.what == kind::overwrite_partition ||
                    step.what == kind::replace_partition || step.what == kind::overwrite_named ||
                    step.what == kind::rewrite_named;
  const std::string folder = fmt::format("s3://{}/{}/data/", bucket_name, table_name);
  if (adds) step.adds.push_back(fmt::format("{}{}.parquet", folder, label));
  if (step.what == kind::delete_rows) {
    for (std::size_t i = 0; i < step.names.size(); ++i)
      step.deletes.push_back(fmt::format("{}{}-{}{}", folder, label, i, made_up_ending));
  }
  return step;
}

}  // namespace evodb::simulation
