#include "table/scan/manifest_scan.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "expression/metrics_evaluator.h"
#include "expression/partition_evaluator.h"
#include "runtime/run_on.h"
#include "table/manifests/manifest_reader.h"
#include "table/scan/file_selection.h"

namespace evodb {
namespace {

/// Looking at fewer takes no longer than to change threads twice.
constexpr std::size_t few_entries = 100;

scanned_manifest begin_with(const scan_source &from, bool explains) {
  scanned_manifest begun;
  if (from.uncommitted) return begun;
  begun.counts.manifests = 1;
  if (from.is_skipped) begun.counts.manifests_skipped_by_summary = 1;
  if (!explains) return begun;
  explanation why;
  why.is_manifest = true;
  why.path = from.manifest.manifest_path;
  why.is_kept = !from.is_skipped;
  why.reason = from.is_skipped ? from.pruning->summaries().reason(from.manifest) : "its partition summaries may match";
  begun.explanations.push_back(std::move(why));
  return begun;
}

/// Field ids whose statistics decide on files, by the filter and by equality deletes.
std::vector<std::int32_t> compared_fields(const plan &of) {
  std::vector<std::int32_t> fields = referenced_fields(*of.filter());
  if (!of.deletes()) return fields;
  const std::vector<std::int32_t> &by_deletes = of.deletes()->compared_columns();
  fields.insert(fields.end(), by_deletes.begin(), by_deletes.end());
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  return fields;
}

/// Why each live file is kept or not. `kept`: ascending.
void explain(const inherited_entries &entries, const spec_pruning &pruning, const std::vector<std::uint32_t> &kept,
             std::vector<explanation> &to) {
  const partition_evaluator by_partition(pruning.projected(), pruning.spec());
  const metrics_evaluator by_bounds(pruning.filter());
  auto next = kept.begin();
  for (std::size_t row = 0; row < entries->size(); ++row) {
    if (!entries->is_live(row)) continue;
    explanation why;
    why.path = entries->files.path(row);
    why.is_kept = next != kept.end() && *next == row;
    if (why.is_kept) {
      ++next;
      why.reason = "its partition and its bounds may match";
    } else {
      why.reason = by_partition.reason(entries->files, row);
      if (why.reason.empty()) why.reason = by_bounds.reason(entries->files, row);
    }
    to.push_back(std::move(why));
  }
}

scanned_manifest prune(const plan &of, const scan_source &from, const inherited_entries &entries, bool explains) {
  scanned_manifest result = begin_with(from, explains);
  result.files = select_files(entries, from.pruning, result.counts);
  result.files.deletes = of.deletes();
  if (explains) explain(entries, *from.pruning, result.files.rows, result.explanations);
  return result;
}

}  // namespace

task<scanned_manifest> scan_manifest(const plan &of, const scan_source &from, bool explains) {
  std::optional<scanned_manifest> result;
  inherited_entries entries;
  auto select = [&](const inherited_entries &read) { result = prune(of, from, read, explains); };
  if (from.uncommitted) {
    entries = inherited_entries(from.uncommitted, manifest_inheritance(from.manifest));
  } else {
    manifest_columns_wanted wanted;
    wanted.bounds_and_counts_of = compared_fields(of);
    wanted.details = true;
    decoded_manifest when_decoded = select;
    entries = co_await read_manifest_of(*of.context(), from.manifest, from.pruning->spec(),
                                        from.pruning->partition_types(), wanted, std::move(when_decoded));
  }
  auto select_kept = [&] { select(entries); };
  if (!result && entries->size() <= few_entries) select_kept();
  if (!result) co_await run_on(of.context()->runtime().cpu(), select_kept);
  co_return std::move(*result);
}

scanned_manifest skip_manifest(const scan_source &from, bool explains) {
  return begin_with(from, explains);
}

}  // namespace evodb
