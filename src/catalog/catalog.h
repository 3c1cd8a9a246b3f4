#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "model/table_metadata.h"
#include "model/table_update.h"
#include "runtime/task.h"

namespace evodb {

/// A table as a catalog has it at one version.
struct table_version {
  static constexpr std::int64_t unnumbered = -1;  ///< the metadata file does not say which version it is

  std::int64_t version = 0;  ///< 0: there is no table yet
  std::string metadata_location;
  std::int64_t metadata_bytes = 0;  ///< size of the metadata file
  std::shared_ptr<const table_metadata> metadata;
  std::vector<error> warnings;           ///< what was wrong on the way to it, though it was found
  std::shared_ptr<const void> evidence;  ///< the catalog's own
};

/// What is said of a version that is made, beside its updates.
struct version_facts {
  std::int64_t timestamp_ms = 0;
  std::int64_t begun_ms = 0;  ///< before anything was written that the updates refer to
  std::int64_t waited = 0;    ///< through how many versions of others; the version says it
};

/// One try to make a version, as long as its fate is not known.
struct commit_attempt {
  std::string id;    ///< tells it from all others
  std::string text;  ///< by which any process can have its fate found out: three words of letters, digits and hyphens,
                     ///< separated by dots
  std::int64_t first_sent_ms = 0;        ///< it was not sent before, nor were the files written that are its own
  std::shared_ptr<const void> evidence;  ///< the catalog's own
};

struct commit_answer {
  enum class kind {
    committed,  ///< `now` is the version that the attempt became
    lost,       ///< proved: the attempt never becomes a version, mostly because another one came before it; `now` is
                ///< that one, or another that may be the newest, as yet unconfirmed; version 0 where there is no table
    cleaned_away,  ///< a version took its place and is cleaned away since; only what `now`, the newest version, holds
                   ///< tells
    unknown,       ///< `reason` tells why; nothing may be deleted
  };
  kind what = kind::unknown;
  table_version now;
  std::optional<error> reason;
  std::vector<error> warnings;  ///< with committed: what did not succeed beside it
};

/// What became of an attempt of whichever process.
struct attempt_fate {
  enum class kind {
    shown,         ///< the newest version shows what was asked for
    committed,     ///< the attempt became a version
    lost,          ///< proved, as above
    cleaned_away,  ///< as above
    unknown
  };
  kind what = kind::unknown;
  std::optional<std::int64_t> version;  ///< that the attempt became, where that can be said
  table_version now;
  std::int64_t first_sent_ms = 0;

  attempt_fate() = default;
  explicit attempt_fate(kind k) : what(k) {}
};

/// Keeps which version of one table is the newest, and makes the next one. A commit is (requirements, updates), as in
/// Iceberg's REST catalog. Shared: any thread; but one commit at a time, which the table sees to.
class catalog {
 public:
  using recorder = std::function<void(const commit_attempt &)>;
  using predicate = std::function<bool(const table_metadata &)>;

  virtual ~catalog() = default;

  /// The newest version; version 0, without metadata, where there is no table.
  virtual task<table_version> find() = 0;
  /// The newest version, starting from one that was once the newest. It may be another table's, by its uuid. Throws
  /// NOT_FOUND when there is none.
  virtual task<table_version> refresh(table_version known) = 0;
  /// The version after one that was once the newest, if there is one: a look that costs little, and confirms nothing. It may
  /// be another table's, and a later one may be the newest.
  virtual task<std::optional<table_version>> successor(table_version known) = 0;
  /// Whether both are the same version of the same table, whenever they were read.
  virtual bool is_same(const table_version &one, const table_version &other) const noexcept = 0;
  /// Throws UNSUPPORTED, saying why, where no version can be made after `base`, whatever it would change.
  virtual void check_committable(const table_version &base) const = 0;
  /// Makes the version after `base` (version 0: creates the table, `base` having its first metadata). Throws CONFLICT when a
  /// requirement does not hold on the base, and whatever the store refused definitely; then nothing was written. `record`
  /// is called once, before the first byte is sent.
  virtual task<commit_answer> commit(table_version base, std::vector<table_requirement> requirements,
                                     std::vector<table_update> updates, version_facts facts, recorder record) = 0;
  /// Finds out what became of an attempt of this process whose answer was unknown, sending it again if that is the way
  /// to. `known` is a version that was the newest once.
  virtual task<commit_answer> settle(table_version known, commit_attempt attempt) = 0;
  /// Finds out what became of an attempt by its text: first whether the newest version of `table` is as `shows` says. Where
  /// the attempt might still land, a version that changes nothing takes its place, so that it cannot. Throws
  /// INVALID_ARGUMENT for a text that no attempt has, CONFLICT when another table has taken the place.
  virtual task<attempt_fate> resolve(std::string attempt, uuid table, predicate shows) = 0;
  /// By a writer that waits: leaves a sign for writers that see no version but their own, where they find it without a
  /// request more. `newest` is the newest version.
  virtual task<> show_waiting(table_version newest) = 0;
  /// Whether the sign of another process was found since this was asked last.
  virtual bool take_sign_of_others() = 0;
  /// To be called before anything is reported as committed because it was read: a version may be seen before it is
  /// durable. Throws what the store fails with.
  virtual task<> make_durable(table_version seen) = 0;
};

}  // namespace evodb
