#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

#include "runtime/memory_budget.h"
#include "table/scan/planned_files.h"

namespace evodb {

/// Something counted for each partition, in the order in which partitions were met first. Their memory is held from the
/// budget. One thread at a time.
template <typename Totals>
class partition_totals {
 public:
  struct partition {
    std::int32_t spec_id = 0;
    std::string json, path;
    Totals totals;
  };

  explicit partition_totals(memory_budget &budget) : budget_(&budget) {}

  /// That of the i-th of the files. Throws RESOURCE_EXHAUSTED.
  Totals &of(planned_files &files, std::size_t i) {
    const std::int32_t spec_id = files.pruning->spec().spec_id;
    const std::string &json = files.partition_json(i);
    const auto [found, is_new] = places_.try_emplace(std::to_string(spec_id) + ' ' + json, all_.size());
    if (is_new) {
      held_.push_back(budget_->reserve(static_cast<std::int64_t>(2 * json.size() + sizeof(partition) + 128)));
      partition &made = all_.emplace_back();
      made.spec_id = spec_id;
      made.json = json;
      made.path = files.partition_path(i);
    }
    return all_[found->second].totals;
  }
  const std::deque<partition> &all() const noexcept { return all_; }

 private:
  memory_budget *budget_;
  std::deque<memory_budget::reservation> held_;
  std::deque<partition> all_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace evodb
