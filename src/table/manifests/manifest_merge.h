#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/data_files.h"
#include "model/partition_spec.h"
#include "model/table_metadata.h"
#include "model/type.h"
#include "runtime/task.h"
#include "table/manifests/pending_files.h"
#include "table/table_context.h"

namespace evodb {

/// How a table's manifests are merged: Iceberg's commit.manifest-merge.enabled (true), commit.manifest.min-count-to-merge
/// (100) and commit.manifest.target-size-bytes (8 MiB). What is no such value counts as the default.
struct merge_settings {
  explicit merge_settings(const table_metadata &of);
  /// Why the default counts instead of this value; null where it does not, and for other properties.
  static std::optional<std::string> why_ignored(const std::string &property, const std::string &value);

  bool is_enabled = true;
  std::size_t least_manifests = 100;
  std::int64_t target_bytes = std::int64_t{8} << 20;
};

/// Which manifests to merge: of one partition spec, data files alone, as many as there have to be, the smallest first, up to
/// the target's size, without those that are left out. In the order of the list; empty where there is nothing to merge.
std::vector<const manifest_file *> choose_for_merge(const manifest_files &listed, const table_metadata &of,
                                                    const std::function<bool(const manifest_file &)> &is_left_out);

/// The one merge of manifests that a call of commit does, so that a table's manifests do not grow in number with its
/// commits (docs/commit.md, rule 9). It is made of manifests of the base alone, and serves each try of the call whose base
/// still lists them as they were. One coroutine at a time.
class manifest_merge {
 public:
  /// The manifests that a snapshot is made on, with a merged one in the place of those that it is made of: of the merge
  /// that was done before, or, in the first try, of a new one, which is added to `files`. It has no sequence number and no
  /// snapshot yet. Where nothing is to be merged, or cannot be read, they are as they were.
  task<std::shared_ptr<const manifest_files>> apply(std::shared_ptr<const manifest_files> listed,
                                                    const table_metadata &base, table_context &context,
                                                    pending_files &files);
  /// What was added to files is written, and so in the cache.
  void note_written(table_context &context, std::int64_t at_ms);
  /// A try that follows a lost one begins no merge, so that rivals do not all merge.
  void begin_no_more() noexcept { may_begin_ = false; }

  /// Where the merged manifest was written; empty if none was.
  const std::string &written() const noexcept { return written_; }

 private:
  task<> begin(const manifest_files &listed, const table_metadata &base, table_context &context);
  /// An old one may be gone (docs/commit.md, rule 4).
  bool is_usable(const manifest_files &listed, const table_metadata &base, std::int64_t now_ms) const;

  bool may_begin_ = true;
  std::map<std::string, manifest_file> inputs_;  ///< as they were listed, by path; empty: no merge was done
  int format_version_ = 0;                       ///< of the merged one
  manifest_file merged_;
  partition_spec spec_;
  std::vector<type> partition_types_;
  std::shared_ptr<const manifest_entries> entries_;  ///< until it is written
  std::shared_ptr<const bytes> file_;                ///< until it is written
  std::string written_;
  std::int64_t written_at_ms_ = 0;
};

}  // namespace evodb
