#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/inherited_entries.h"

namespace evodb {

/// Joins the live entries of several manifests of one partition spec, in the order in which they are added: as EXISTING
/// ones that leave no number to a manifest list.
class joined_entries {
 public:
  explicit joined_entries(std::int32_t spec_id) { joined_.files.spec_id = spec_id; }

  /// All statistics and details must have been read. Throws RESOURCE_EXHAUSTED when the texts would pass 4 GiB.
  void add(const inherited_entries &from);
  /// The same of these rows alone, which are live.
  void add(const inherited_entries &from, const std::vector<std::size_t> &rows);
  manifest_entries finish() &&;

 private:
  void add_files(const data_files &from, const std::vector<std::size_t> &rows);

  manifest_entries joined_;
};

}  // namespace evodb
