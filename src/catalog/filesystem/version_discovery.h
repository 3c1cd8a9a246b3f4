#pragma once

#include <cstdint>
#include <optional>

#include "base/location.h"
#include "catalog/catalog.h"
#include "catalog/filesystem/version_evidence.h"
#include "catalog/filesystem/version_hint.h"
#include "io/storage.h"

namespace evodb {

/// Reads and parses one metadata file; compressed ones too. Null when it is not there.
task<std::optional<table_version>> read_metadata_file(const storage &where, location file);

metadata_fingerprint fingerprint_of(const bytes &metadata_file);

/// Finds a table's newest version. A version M is taken for the newest only if v(M+1) was absent and v(M) could be read
/// *after* that: with clean-up of old versions, an absent v(M+1) alone proves nothing, unless a version below was the
/// newest so short a time ago that neither can have been cleaned away (docs/commit.md, rule 2). Hint, probes and listings
/// only find candidates.
/// A version is absent when neither v<N>.metadata.json nor a compressed form of it is there: Iceberg Java names each
/// version by the codec that the version itself sets, and takes all of them for versions.
class version_discovery {
 public:
  version_discovery(std::shared_ptr<const storage> where, location table);

  /// From the hint upwards, or from a listing. Null when there is no table.
  task<std::optional<table_version>> newest() const;
  /// From a version upwards that was the newest once.
  task<std::optional<table_version>> newest_from(table_version known) const;
  /// The next one after a version that was the newest once, as this library names it; with the time when `known` was
  /// confirmed, since it was made after that.
  task<std::optional<table_version>> successor(table_version known) const;

 private:
  task<bool> exists(location file) const;
  task<bool> exists_compressed(std::int64_t version) const;
  task<std::int64_t> probe_upwards(std::int64_t from) const;
  task<std::optional<table_version>> read_version(std::int64_t version) const;
  task<bool> is_still_there(const table_version &known) const;
  task<std::optional<table_version>> newest_by_listing() const;

  std::shared_ptr<const storage> storage_;
  location table_;
  version_hint hint_;
};

}  // namespace evodb
