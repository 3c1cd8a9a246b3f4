#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "model/manifest_file.h"
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
  /// `of` may be null: none. `data_sequence_number`: of the files, where it is not to be the snapshot's.
  added_manifests(std::shared_ptr<const table_files> of, manifest_content content, std::int64_t snapshot_id,
                  std::optional<std::int64_t> data_sequence_number = std::nullopt)
      : of_(std::move(of)), content_(content), snapshot_id_(snapshot_id), data_sequence_number_(data_sequence_number) {}

  /// Those that are there already, or new ones among `files`. Those of days ago are made anew, since a clean-up may have
  /// taken them for orphans. Many are written at once, so that few are in memory.
  task<std::shared_ptr<const manifest_files>> make(const table_metadata &base, version_files &files) const;

 private:
  struct written {
    std::mutex state;
    std::shared_ptr<const manifest_files> rows;  ///< null if none were written yet
    std::int64_t at_ms = 0;                      ///< or a little before
  };
  std::shared_ptr<const manifest_files> reusable(std::int64_t now_ms) const;

  const std::shared_ptr<const table_files> of_;
  const manifest_content content_;
  const std::int64_t snapshot_id_;
  const std::optional<std::int64_t> data_sequence_number_;
  const std::shared_ptr<written> written_ = std::make_shared<written>();  ///< outlives this while files are written
};

}  // namespace evodb
