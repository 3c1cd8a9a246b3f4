#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "model/table_metadata.h"
#include "runtime/task.h"
#include "table/file_changes.h"
#include "table/table_context.h"

namespace evodb {

class version_files;

/// The manifests of the files that a snapshot adds. They are made once: rebased and repeated commits use them again, since
/// their entries inherit the sequence number. Any thread.
class added_manifests {
 public:
  added_manifests(std::shared_ptr<const table_files> of, std::int64_t snapshot_id)
      : of_(std::move(of)), snapshot_id_(snapshot_id) {}

  /// Those that are there already, or new ones among `files`. Those of days ago are made anew, since a clean-up may have
  /// taken them for orphans. Many are written at once, so that few are in memory.
  task<std::shared_ptr<const manifest_files>> make(const table_metadata &base, version_files &files) const;

 private:
  std::shared_ptr<const manifest_files> reusable(std::int64_t now_ms) const;
  void note_written(std::shared_ptr<const manifest_files> rows, std::int64_t at_ms) const;

  const std::shared_ptr<const table_files> of_;
  const std::int64_t snapshot_id_;
  mutable std::mutex state_;
  mutable std::shared_ptr<const manifest_files> written_;  ///< null if none were written yet
  mutable std::int64_t written_at_ms_ = 0;                 ///< or a little before
};

}  // namespace evodb
