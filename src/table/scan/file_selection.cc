#include "table/scan/file_selection.h"

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "expression/metrics_evaluator.h"
#include "expression/partition_evaluator.h"

namespace evodb {
namespace {

std::int64_t count_kept(const std::vector<std::uint8_t> &kept) {
  return std::accumulate(kept.begin(), kept.end(), std::int64_t{0});
}

}  // namespace

planned_files select_files(const inherited_entries &entries, std::shared_ptr<const spec_pruning> pruning,
                           plan_counts &counts) {
  std::vector<std::uint8_t> kept(entries->size());
  for (std::size_t row = 0; row < kept.size(); ++row) kept[row] = entries->is_live(row) ? 1 : 0;
  const std::int64_t live = count_kept(kept);
  partition_evaluator(pruning->projected(), pruning->spec()).evaluate(entries->files, kept);
  const std::int64_t in_partition = count_kept(kept);
  metrics_evaluator(pruning->filter()).evaluate(entries->files, kept);
  const std::int64_t left = count_kept(kept);

  counts.files += live;
  counts.files_skipped_by_partition += live - in_partition;
  counts.files_skipped_by_bounds += in_partition - left;
  counts.files_kept += left;

  planned_files selected;
  if (left == 0) return selected;
  selected.rows.reserve(static_cast<std::size_t>(left));
  for (std::size_t row = 0; row < kept.size(); ++row) {
    if (kept[row]) selected.rows.push_back(static_cast<std::uint32_t>(row));
  }
  selected.entries = entries;
  selected.pruning = std::move(pruning);
  selected.find_residuals();
  return selected;
}

}  // namespace evodb
