#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "table/file_changes.h"
#include "table/table_context.h"

namespace evodb {

/// Looks for files in a table that an operation adds. What was looked at on one base is not read again on the next. Any
/// thread.
class duplicate_check {
 public:
  explicit duplicate_check(std::shared_ptr<const table_files> added) : added_(std::move(added)) {}

  /// Throws ALREADY_EXISTS naming an added file that one of these manifests of the base has already.
  task<> refuse(table_context &context, std::shared_ptr<const manifest_files> manifests,
                const table_metadata &base) const;

 private:
  using paths = std::unordered_set<std::string_view>;
  using linked_files = std::unordered_multimap<std::int64_t, std::string_view>;  ///< by size

  std::shared_ptr<const paths> added_paths() const;
  /// The added files that have other names in the storage.
  task<linked_files> find_linked(const storage &where) const;

  const std::shared_ptr<const table_files> added_;
  mutable std::mutex state_;
  mutable std::shared_ptr<const paths> paths_;
  mutable std::set<std::string> without_;  ///< manifests that hold none of them
};

}  // namespace evodb
