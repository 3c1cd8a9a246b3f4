#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "catalog/catalog.h"

namespace evodb {

/// By what a metadata file is known again without reading all of it: its size, and how it begins, which is where writers
/// put the table's uuid.
struct metadata_fingerprint {
  std::int64_t file_size = 0;
  bytes first_bytes;
  bool operator==(const metadata_fingerprint &) const = default;
};

/// How a version was seen. Those of this catalog have it as their evidence.
struct version_evidence {
  metadata_fingerprint fingerprint;
  /// The clock before the reads that showed this version to be the newest (epoch ms). A commit on this base is signed with
  /// it.
  std::int64_t confirmed_at_ms = 0;
};

inline const version_evidence &evidence_of(const table_version &version) {
  static const version_evidence none;
  return version.evidence ? *static_cast<const version_evidence *>(version.evidence.get()) : none;
}

/// The same version, confirmed at that time.
inline void confirm(table_version &version, std::int64_t at_ms) {
  version_evidence changed = evidence_of(version);
  changed.confirmed_at_ms = at_ms;
  version.evidence = std::make_shared<const version_evidence>(std::move(changed));
}

}  // namespace evodb
