#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/table_metadata.h"

namespace evodb::simulation {

/// What an operation on files does, in the plainest words. It is in the summary of its snapshot, so that the model can tell
/// what every snapshot holds without looking into a manifest.
struct file_step {
  enum class kind {
    append,
    delete_partition,     ///< by filter
    overwrite_partition,  ///< by filter
    replace_partition,
    delete_named,
    overwrite_named,
    rewrite_named,
    delete_rows,      ///< adds a delete file, which its caller has made, of each named file
    delete_positions  ///< of one named file: the library writes the delete file
  };
  kind what = kind::append;
  std::vector<std::string> adds;     ///< data files
  std::vector<std::string> deletes;  ///< delete files that it names
  std::vector<std::string> names;    ///< data files
  int partition = 0;                 ///< of everything that it adds, and of what it removes by partition
  bool is_serializable = true;
  std::int64_t seen = 0;          ///< the snapshot that its caller had seen; 0: none
  std::vector<std::int64_t> own;  ///< made before it in the same value

  std::string to_text() const;
  static file_step parse(const std::string &text);
};

inline constexpr const char *step_property = "step";

/// A delete file by the data file that it is of and the snapshot that added it.
std::string delete_key(const std::string &data_file, std::int64_t added_by);

/// What a snapshot holds, with the partitions: data files by their paths, delete files by delete_key.
struct held_files {
  std::map<std::string, int> data, deletes;
  bool operator==(const held_files &) const = default;
};

/// The history of a table's files, made from what each snapshot says that it did: sets of paths and no more.
class file_model {
 public:
  using violated = std::function<void(std::string)>;

  explicit file_model(violated report) : violate_(std::move(report)) {}

  /// A version: each new snapshot is done in the model, and judged by what was done between it and what its caller had seen.
  void observe(const table_metadata &version);
  /// Of a snapshot that the last version has; null for one that never was.
  const held_files *holds(std::int64_t snapshot_id) const;

 private:
  struct done {
    std::optional<std::int64_t> parent;
    file_step step;
    std::set<std::string> removed;  ///< data files
    std::set<std::string> deletes;  ///< that it added, by delete_key
    held_files holds;
  };
  void observe(const snapshot &made);
  /// `before`: what its parent holds.
  void judge(const snapshot &made, const done &now, const held_files &before) const;
  void judge_against(const std::string &name, const done &now, const held_files &before, const done &other) const;

  violated violate_;
  std::map<std::int64_t, done> snapshots_;
  std::set<std::int64_t> with_files_;  ///< snapshots that have not expired
};

}  // namespace evodb::simulation
