#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "io/object_store.h"

namespace evodb {

/// Sees that a store's listing of many pages is one: that it ends, fits into memory, and shows what was asked
/// for. For one listing.
class listing_progress {
 public:
  explicit listing_progress(std::string subject) : subject_(std::move(subject)) {}

  /// A page, and the token of the next one; empty: none. Throws CORRUPT where a key does not begin with `prefix` a token
  /// comes again or too many pages in a row are empty, and RESOURCE_EXHAUSTED where the listing is too long.
  void check(const listing &page, std::string_view prefix, const std::string &next);

 private:
  const std::string subject_;
  std::set<std::string> tokens_;  ///< hashes of those that were seen
  std::size_t found_ = 0;
  std::size_t empty_pages_ = 0;  ///< in a row, up to now
};

}  // namespace evodb
