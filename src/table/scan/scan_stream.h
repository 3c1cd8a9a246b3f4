#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/inherited_entries.h"
#include "table/scan/plan.h"
#include "table/scan/spec_pruning.h"

namespace evodb {

/// Some files of a plan: rows of one manifest.
struct planned_files {
  inherited_entries entries;
  std::shared_ptr<const spec_pruning> pruning;
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> residual_of;  ///< for each of `rows`, which of `residuals`
  std::vector<std::string> residuals;      ///< filter text, one for each distinct partition
};

struct plan_counts {
  std::int64_t manifests = 0, manifests_skipped_by_summary = 0;
  std::int64_t files = 0, files_skipped_by_partition = 0, files_skipped_by_bounds = 0, files_kept = 0;
};

/// Why a manifest or a file is read or not.
struct explanation {
  bool is_manifest = false;
  std::string path;
  bool is_kept = false;
  std::string reason;
};

/// Walks over a plan's files, reading and decoding some manifests at a time. One coroutine at a time, and not again after
/// a failure.
class scan_stream {
 public:
  /// `explains`: gives the reasons instead of the files.
  scan_stream(std::shared_ptr<const plan> over, bool explains);

  /// Reads on until something is ready to be taken. False at the end.
  task<bool> advance();
  bool is_ready() const noexcept { return explains_ ? !explanations_.empty() : !ready_.empty(); }
  /// Whether nothing is ready and nothing is left to read.
  bool is_at_end() const noexcept { return !is_ready() && has_read_all(); }
  /// Files that are ready.
  std::int64_t ready_count() const noexcept;
  /// The next files, never none. There must be some ready.
  planned_files take_files();
  /// All that are ready.
  std::vector<explanation> take_explanations();
  const plan_counts &counts() const noexcept { return counts_; }
  const std::shared_ptr<const plan> &over() const noexcept { return plan_; }

 private:
  struct pruned {
    planned_files files;
    plan_counts counts;
    std::vector<explanation> explanations;
  };
  task<pruned> read(const plan::source &from) const;
  pruned prune(const plan::source &from, const inherited_entries &entries) const;
  bool has_read_all() const noexcept;
  task<> read_ahead();
  void add(const plan_counts &of_source);

  std::shared_ptr<const plan> plan_;
  bool explains_;
  std::size_t next_source_ = 0;
  std::deque<planned_files> ready_;
  std::vector<explanation> explanations_;
  plan_counts counts_;
};

}  // namespace evodb
