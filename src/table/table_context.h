#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "io/storage.h"
#include "model/manifest_file.h"
#include "table/commit_queue.h"
#include "table/turns.h"

namespace evodb {

using manifest_files = std::vector<manifest_file>;

/// What all values of one table share in a process: where it is, its catalog, the line in which commits wait, and what
/// was read last. Any thread.
class table_context {
 public:
  table_context(std::shared_ptr<const evodb::storage> where, evodb::location at,
                std::shared_ptr<evodb::catalog> catalog)
      : storage_(std::move(where)), location_(std::move(at)), catalog_(std::move(catalog)) {}

  const std::shared_ptr<const evodb::storage> &storage() const noexcept { return storage_; }
  evodb::runtime &runtime() const noexcept { return *storage_->runtime(); }
  const evodb::location &location() const noexcept { return location_; }
  evodb::catalog &catalog() const noexcept { return *catalog_; }

  /// The location of a file in the table's metadata folder.
  std::string metadata_file(std::string_view name) const { return location_.child("metadata").child(name).to_text(); }

  /// Where commits wait.
  commit_queue &commits() noexcept { return commits_; }
  /// What is known of the writers of other processes.
  evodb::turns &turns() noexcept { return turns_; }

  /// The newest version of the table with that uuid. `known` is one that a value holds; a newer one that this process
  /// has seen is started from instead. Throws NOT_FOUND when there is no table, CONFLICT when another one has taken its
  /// place.
  task<table_version> newest(uuid expected, table_version known);
  /// Looks whether a version was made after the newest of that table that this process has seen, and returns what is the
  /// newest now, as yet unconfirmed (catalog::successor).
  task<table_version> look_ahead(table_version seen);
  /// The newest version, whichever table it is of; version 0 where there is none.
  task<table_version> find();
  /// The same. Throws NOT_FOUND.
  task<table_version> load();
  void observe(const table_version &version);
  /// After a commit of this process: `made` is the newest version.
  void note_committed(const table_version &made);
  /// The newest version of the table with that uuid that this process has seen. Null if it has seen none.
  std::optional<table_version> newest_seen(uuid expected) const;
  /// What the newest version probably is, before the store is asked: the last one that was seen, as long as this process
  /// made it and no other has committed since. Null where that is not known.
  std::optional<table_version> likely_newest(uuid expected) const;

  /// One manifest list is kept in memory, the newest that was read or written. Null where it is another one.
  std::shared_ptr<const manifest_files> kept_manifests(const std::string &manifest_list) const;
  void keep_manifests(std::string manifest_list, std::shared_ptr<const manifest_files> manifests);

  /// What cannot be merged: commits of this process leave it as it is.
  void note_unmergeable(const manifest_file &one);
  bool is_unmergeable(const manifest_file &one) const;

 private:
  const std::shared_ptr<const evodb::storage> storage_;
  const evodb::location location_;
  const std::shared_ptr<evodb::catalog> catalog_;
  commit_queue commits_;
  evodb::turns turns_;

  mutable std::mutex state_;
  std::optional<table_version> newest_seen_;
  std::int64_t last_made_ = 0;         ///< the version that this process made last
  bool is_alone_ = true;               ///< no other process had made a version at the last look
  std::set<std::string> unmergeable_;  ///< paths
  std::string kept_list_;
  std::shared_ptr<const manifest_files> kept_manifests_;
};

}  // namespace evodb
