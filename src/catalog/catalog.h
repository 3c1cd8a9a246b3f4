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

/// By what a metadata file is known again without reading all of it: its size, and how it begins, which is where writers
/// put the table's uuid.
struct metadata_fingerprint {
  std::int64_t file_size = 0;
  bytes first_bytes;
  bool operator==(const metadata_fingerprint &) const = default;
};

/// A table as a catalog knows it at one version.
struct table_version {
  static constexpr std::int64_t unnumbered = -1;  ///< the metadata file does not say which version it is

  std::int64_t version = 0;  ///< 0: there is no table yet
  std::string metadata_location;
  std::shared_ptr<const table_metadata> metadata;
  metadata_fingerprint fingerprint;
  /// The clock before the reads that showed this version to be the newest (epoch ms). A commit on this base is signed
  /// with it.
  std::int64_t confirmed_at_ms = 0;
  /// What the version hint named instead where it was followed and that version is not there; 0: nothing.
  std::int64_t misleading_hint = 0;
};

/// One body sent for one version: what must be known to find out later what became of it. Recorded before the first
/// byte is sent; whoever looks for it later signs it anew if at all.
struct commit_attempt {
  std::int64_t version = 0;  ///< the slot that the body is for
  std::string attempt_id;    ///< inside the body
  std::shared_ptr<const std::string> body;
  std::shared_ptr<const table_metadata> metadata;  ///< what the body says
  std::int64_t signed_at_ms = 0;
  /// The time of its first signature: it was not sent before, nor were the files written that are its own.
  std::int64_t first_signed_ms = 0;
};

struct commit_answer {
  enum class kind {
    committed,  ///< `now` is the version that the attempt became
    lost,       ///< proved: the attempt never becomes a version, mostly because another one has the slot; `now` is the
                ///< newest version, or version 0 where there is no table
    cleaned_away,  ///< the slot was filled and cleaned away since; only what `now`, the newest version, holds tells
    unknown,       ///< `reason` tells why; nothing may be deleted
  };
  kind what = kind::unknown;
  table_version now;
  std::optional<error> reason;
  std::vector<error> warnings;  ///< with committed: what did not succeed beside it
};

/// Knows which version of one table is the newest, and makes the next one. A commit is (requirements, updates), as in
/// Iceberg's REST catalog. Shared: any thread; but one commit at a time, which the table sees to.
class catalog {
 public:
  using recorder = std::function<void(const commit_attempt &)>;

  virtual ~catalog() = default;

  /// The newest version. Throws NOT_FOUND when there is no table.
  virtual task<table_version> load() = 0;
  /// The newest version, starting from one that was once the newest. It may be another table's, by its uuid. Throws
  /// NOT_FOUND when there is none.
  virtual task<table_version> refresh(table_version known) = 0;
  /// Throws UNSUPPORTED, saying why, where no version can be made after `base`, whatever it would change.
  virtual void check_committable(const table_version &base) const = 0;
  /// Makes the version after `base` (version 0: creates the table). Throws CONFLICT when a requirement does not hold on
  /// the base, and whatever the store refused definitely; then nothing was written. `record` is called once, before the
  /// first byte is sent.
  virtual task<commit_answer> commit(table_version base, std::vector<table_requirement> requirements,
                                     std::vector<table_update> updates, std::int64_t timestamp_ms, recorder record) = 0;
  /// Finds out what became of an attempt whose answer was unknown, sending it again if that is the way to. `known` is a
  /// version that was the newest once.
  virtual task<commit_answer> settle(table_version known, commit_attempt attempt) = 0;
  /// To be called before anything is told to be committed because it was read: a version may be seen before it is
  /// durable. Throws what the store fails with.
  virtual task<> make_durable(std::int64_t version) = 0;
  /// Which attempt made that version: its id, empty for a foreign writer's. Null when the version is not there.
  virtual task<std::optional<std::string>> attempt_of(std::int64_t version) = 0;
};

}  // namespace evodb
