#include "table/scan/planned_files.h"

#include <unordered_map>
#include <utility>

#include "codec/partition_json.h"
#include "model/partition_key.h"

namespace evodb {

plan_counts &plan_counts::operator+=(const plan_counts &other) noexcept {
  manifests += other.manifests;
  manifests_skipped_by_summary += other.manifests_skipped_by_summary;
  files += other.files;
  files_skipped_by_partition += other.files_skipped_by_partition;
  files_skipped_by_bounds += other.files_skipped_by_bounds;
  files_kept += other.files_kept;
  return *this;
}

/// Files of one partition often follow one another.
void planned_files::group_by_partition() {
  if (!partition_of_.empty()) return;
  partition_of_.resize(rows.size());
  if (columns().partitions.empty()) {
    first_of_.assign(1, 0);
    return;
  }
  std::unordered_map<std::string, std::uint32_t> known;
  std::string key, last_key;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    partition_key(columns(), rows[i], key);
    if (i > 0 && key == last_key) {
      partition_of_[i] = partition_of_[i - 1];
      continue;
    }
    const auto [found, is_new] = known.emplace(key, static_cast<std::uint32_t>(first_of_.size()));
    if (is_new) first_of_.push_back(static_cast<std::uint32_t>(i));
    partition_of_[i] = found->second;
    std::swap(key, last_key);
  }
}

void planned_files::find_residuals() {
  if (pruning->spec().fields.empty() || pruning->filter()->kind == predicate_kind::always_true) {
    residuals_.push_back(to_text(*pruning->filter()));
    return;
  }
  group_by_partition();
  for (const std::uint32_t first : first_of_) {
    const bound_ptr left = pruning->residuals().residual_for(partition(first));
    residuals_.push_back(to_text(*left));
  }
}

std::optional<std::string> &planned_files::text_for(std::vector<std::optional<std::string>> &texts, std::size_t i) {
  if (texts.empty()) {
    group_by_partition();
    texts.resize(first_of_.size());
  }
  return texts[partition_of_[i]];
}

const std::string &planned_files::partition_path(std::size_t i) {
  std::optional<std::string> &text = text_for(paths_, i);
  if (!text) text = pruning->spec().partition_path(pruning->columns(), partition(i));
  return *text;
}

const std::string &planned_files::partition_json(std::size_t i) {
  std::optional<std::string> &text = text_for(jsons_, i);
  if (!text) text = write_partition_json(pruning->spec(), pruning->partition_types(), partition(i));
  return *text;
}

}  // namespace evodb
