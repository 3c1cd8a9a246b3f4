#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/snapshot.h"
#include "runtime/task.h"
#include "table/manifests/manifest_merge.h"
#include "table/manifests/manifest_reader.h"
#include "table/manifests/pending_files.h"
#include "table/manifests/spec_pruning.h"
#include "table/table_context.h"

namespace evodb {

/// The files of a version in the making: those that are made for it and wait to be written, and the manifests of its base.
class version_files {
 public:
  /// `merge`: of the call of commit.
  version_files(std::shared_ptr<table_context> context, std::shared_ptr<manifest_merge> merge);

  table_context &context() const noexcept { return *context_; }
  pending_files &pending() noexcept { return pending_; }

  /// What the list of a snapshot holds, each row complete (complete_manifests). Of a snapshot of the base, or of one that
  /// was made here; of none: nothing.
  task<std::shared_ptr<const manifest_files>> manifests_of(std::shared_ptr<const snapshot> of);
  /// The same for a snapshot that is made on `of`, a snapshot of `base`: perhaps merged.
  task<std::shared_ptr<const manifest_files>> manifests_to_build_on(std::shared_ptr<const snapshot> of,
                                                                    const table_metadata &base);
  /// Live entries of a manifest of the base, or of one that was made here and may not be written yet, with the columns wanted
  /// or more of them.
  task<inherited_entries> read_manifest(const manifest_file &listed, const spec_pruning &as,
                                        const manifest_columns_wanted &wanted);
  /// With its DELETED entries.
  task<inherited_entries> read_all_entries(const manifest_file &listed, const spec_pruning &as,
                                           const manifest_columns_wanted &wanted);
  /// Adds a file that no other body will refer to.
  void add_own(std::string location, std::shared_ptr<const bytes> content);
  /// The same for a manifest. Returns its location.
  std::string add_manifest(std::shared_ptr<const bytes> encoded);
  /// Adds a snapshot's manifest list, encoded and as it is read. Returns its location.
  std::string add_list(std::int64_t snapshot_id, bytes encoded, std::shared_ptr<const manifest_files> listed);
  /// The files that are this body's own (docs/commit.md, rule 9).
  const std::vector<std::string> &own() const noexcept { return own_; }

  /// `note` is called once what was added so far is written, with the time that `write` is given.
  void when_written(std::function<void(std::int64_t at_ms)> note) { notes_.push_back(std::move(note)); }
  /// Writes all that was added. `at_ms`: now, or a little before. Throws what the store fails with.
  task<> write(std::int64_t at_ms);

  /// Whether one of its snapshots has the call's merged manifest.
  bool has_merge() const noexcept { return has_merge_; }
  /// The version was committed: the table's next one is made of the last list.
  void keep_last_list();

 private:
  /// Null where it does not wait to be written.
  std::optional<inherited_entries> read_pending(const manifest_file &listed, const spec_pruning &as,
                                                const manifest_columns_wanted &wanted) const;

  std::shared_ptr<table_context> context_;
  std::shared_ptr<manifest_merge> merge_;
  pending_files pending_;
  bool has_merge_ = false;
  std::vector<std::string> own_;
  std::string last_list_;  ///< empty if none was added
  std::shared_ptr<const manifest_files> last_listed_;
  std::vector<std::function<void(std::int64_t)>> notes_;
};

}  // namespace evodb
