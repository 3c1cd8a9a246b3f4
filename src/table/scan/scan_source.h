#pragma once

#include <memory>

#include "model/data_files.h"
#include "model/manifest_file.h"

namespace evodb {

class spec_pruning;

/// Files that a scan reads: those of a manifest, or of an uncommitted snapshot.
struct scan_source {
  manifest_file manifest;
  std::shared_ptr<const manifest_entries> uncommitted;  ///< files of an uncommitted snapshot; then there is no manifest
  std::shared_ptr<const spec_pruning> pruning;
  bool is_skipped = false;  ///< the manifest list alone shows that no file matches
};

}  // namespace evodb
