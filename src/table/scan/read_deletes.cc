#include "table/scan/read_deletes.h"

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "expression/partition_evaluator.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"

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

bool is_skipped(const delete_manifest &one) {
  return !one.pruning->spec().is_unpartitioned() && !one.pruning->summaries().may_match(one.listed);
}

}  // namespace

task<std::shared_ptr<const delete_index>> read_deletes(std::shared_ptr<table_context> context,
                                                       const table_metadata &metadata,
                                                       std::vector<delete_manifest> manifests) {
  std::erase_if(manifests, is_skipped);
  if (manifests.empty()) co_return nullptr;
  std::vector<inherited_entries> read(manifests.size());
  std::vector<memory_budget::reservation> held(manifests.size());
  memory_budget &budget = context->runtime().memory();
  auto read_one = [&](std::size_t i) -> task<> {
    const delete_manifest &one = manifests[i];
    manifest_columns_wanted wanted;
    wanted.all_metrics = wanted.details = true;
    read[i] =
        co_await read_manifest_of(*context, one.listed, one.pruning->spec(), one.pruning->partition_types(), wanted);
    held[i] = budget.reserve(read[i]->size_in_bytes());
  };
  std::function<task<>(std::size_t)> body = read_one;
  co_await for_each_concurrently(manifests.size(), concurrent_manifest_reads, std::move(body));
  auto index = [&]() -> std::shared_ptr<const delete_index> {
    std::vector<delete_index::source> sources;
    for (std::size_t i = 0; i < manifests.size(); ++i) {
      const spec_pruning &pruning = *manifests[i].pruning;
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
