#include "table/scan/read_deletes.h"

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "expression/partition_evaluator.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"
#include "table/manifests/spec_pruning.h"

namespace evodb {
namespace {

/// An index, and what it holds from the memory budget.
struct held_index {
  held_index(std::vector<delete_index::source> from, const std::map<std::int32_t, type> &column_types,
             std::vector<memory_budget::reservation> reserved, std::shared_ptr<table_context> of)
      : context(std::move(of)), held(std::move(reserved)), index(std::move(from), column_types) {}

  const std::shared_ptr<table_context> context;  ///< has the budget
  const std::vector<memory_budget::reservation> held;
  const delete_index index;
};

/// Of all columns that the table ever had, as it has or had them last: deletes apply to a dropped column, too.
std::map<std::int32_t, type> types_of_columns(const table_metadata &metadata) {
  std::map<std::int32_t, type> types;
  const auto add = [&](const schema &columns) {
    columns.for_each([&](const field &f, const std::string &) { types.emplace(f.id, f.type); });
  };
  add(*metadata.current_schema());
  for (auto known = metadata.schemas.rbegin(); known != metadata.schemas.rend(); ++known) add(**known);
  return types;
}

/// What an unpartitioned spec has may be of any partition.
std::vector<std::uint32_t> rows_that_apply(const inherited_entries &entries, const spec_pruning &pruning) {
  std::vector<std::uint8_t> keep(entries->size());
  for (std::size_t row = 0; row < keep.size(); ++row) keep[row] = entries->is_live(row) ? 1 : 0;
  if (!pruning.spec().is_unpartitioned()) {
    partition_evaluator(pruning.projected(), pruning.spec()).evaluate(entries->files, keep);
  }
  std::vector<std::uint32_t> rows;
  for (std::size_t row = 0; row < keep.size(); ++row) {
    if (keep[row]) rows.push_back(static_cast<std::uint32_t>(row));
  }
  return rows;
}

}  // namespace

task<std::shared_ptr<const delete_index>> read_deletes(std::shared_ptr<table_context> context,
                                                       const table_metadata &metadata, std::vector<scan_source> from) {
  std::erase_if(from, [](const scan_source &one) { return one.is_skipped; });
  if (from.empty()) co_return nullptr;
  std::vector<inherited_entries> read(from.size());
  std::vector<memory_budget::reservation> held(from.size());
  memory_budget &budget = context->runtime().memory();
  auto read_one = [&](std::size_t i) -> task<> {
    const scan_source &one = from[i];
    manifest_columns_wanted wanted;
    wanted.all_metrics = wanted.details = true;
    if (one.uncommitted) {
      read[i] = inherited_entries(one.uncommitted, manifest_inheritance(one.manifest));
    } else {
      read[i] = co_await read_manifest_of(*context, one.manifest, one.pruning->spec(), one.pruning->partition_types(),
                                          wanted);
    }
    held[i] = budget.reserve(read[i]->size_in_bytes());
  };
  std::function<task<>(std::size_t)> body = read_one;
  co_await for_each_concurrently(from.size(), concurrent_manifest_reads, std::move(body));
  auto index = [&]() -> std::shared_ptr<const delete_index> {
    std::vector<delete_index::source> sources;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const spec_pruning &pruning = *from[i].pruning;
      std::vector<std::uint32_t> rows = rows_that_apply(read[i], pruning);
      if (!rows.empty()) sources.push_back({std::move(read[i]), std::move(rows), pruning.spec().is_unpartitioned()});
    }
    if (sources.empty()) return nullptr;
    const auto all =
        std::make_shared<const held_index>(std::move(sources), types_of_columns(metadata), std::move(held), context);
    return {all, &all->index};
  };
  co_return co_await run_on(context->runtime().cpu(), index);
}

}  // namespace evodb
