#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/uuid.h"
#include "catalog/catalog.h"
#include "model/data_files.h"
#include "model/manifest_file.h"
#include "model/partition_spec.h"
#include "model/table_metadata.h"
#include "table/idempotency.h"
#include "table/operations/schema_changes.h"

namespace evodb {

/// Files given to an append: batches made for one table, in its default partition spec of then, and checked against its
/// schema of then.
struct table_files {
  explicit table_files(const table_metadata &made_for);

  uuid table_uuid;
  std::string table_location;  ///< for messages
  partition_spec spec;
  std::shared_ptr<const schema> checked_against;
  std::vector<std::shared_ptr<const data_files>> batches;
  bool need_name_mapping = false;  ///< some file has no field ids
  std::vector<error> warnings;     ///< what the caller should know of them
  std::int64_t count() const noexcept;
  std::int64_t record_count() const noexcept;
};

/// What a caller did to a table. Each says how it changes metadata: `preview` for the value at once, and again on the
/// base that it is committed on.
namespace table_change {
struct create {
  std::shared_ptr<const table_metadata> initial;
};
struct append {
  std::shared_ptr<const table_files> files;
  std::int64_t snapshot_id = 0;
  string_pairs summary;           ///< the caller's properties
  bool check_duplicates = false;  ///< refuse files that the table has
};
struct evolve {
  schema_changes steps;
  std::int32_t made_on_schema_id = 0;
  std::int32_t made_on_last_column_id = 0;
};
struct set_properties {
  string_pairs set;
  std::vector<std::string> removed;
};
struct roll_back {
  std::int64_t snapshot_id = 0;
  std::optional<std::int64_t> made_on_snapshot_id;
};
}  // namespace table_change

using change_body = std::variant<table_change::create, table_change::append, table_change::evolve,
                                 table_change::set_properties, table_change::roll_back>;

/// A change and what became of it. Every table value that contains the change shares this, so that it is committed
/// once.
class change {
 public:
  change(uuid id, change_body body) : id_(id), body_(std::move(body)) {}

  const uuid &id() const noexcept { return id_; }
  const change_body &body() const noexcept { return body_; }
  /// The snapshot that it makes; null if it makes none.
  std::optional<std::int64_t> snapshot_id() const noexcept;

  /// Where the change stands. Moves on only under the table's commit line; reading is for any thread.
  bool is_committed() const;
  void set_committed();
  /// A body that held the change, and the key under which a caller had it sent.
  struct sent_body {
    commit_attempt attempt;
    std::optional<idempotency_key> key;
  };
  /// The last one, as long as its fate is unknown.
  std::optional<sent_body> unresolved() const;
  void set_unresolved(std::optional<sent_body> sent);
  /// Manifests of an append, used by every body that holds it.
  struct written_manifests {
    std::shared_ptr<const std::vector<manifest_file>> rows;  ///< null if none were written yet
    std::int64_t written_at_ms = 0;                          ///< or a little before
  };
  written_manifests manifests() const;
  void set_manifests(written_manifests written);
  /// Manifests of the table that hold none of an append's files, as far as they were looked at.
  std::set<std::string> manifests_without_it() const;
  void set_manifests_without_it(std::set<std::string> paths);

 private:
  const uuid id_;
  const change_body body_;
  mutable std::mutex state_;
  bool is_committed_ = false;
  std::optional<sent_body> unresolved_;
  written_manifests manifests_;
  std::set<std::string> manifests_without_it_;
};

using changes = std::vector<std::shared_ptr<change>>;

}  // namespace evodb
