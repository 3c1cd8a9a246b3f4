#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "model/table_metadata.h"
#include "table/manifests/spec_pruning.h"

namespace evodb {

/// A filter seen through each of a table's partition specs, made when it is asked for. A file's partition is read with the
/// spec that it was written with, which may use columns that are gone since. One thread at a time, but for specs that were asked for
/// before.
class spec_prunings {
 public:
  /// `filter` as bind made it. `of` must outlive this.
  spec_prunings(const table_metadata &of, bound_ptr filter) : metadata_(of), filter_(std::move(filter)) {}

  /// Throws CORRUPT where the table has no such spec.
  const std::shared_ptr<const spec_pruning> &of(std::int32_t spec_id);
  const bound_ptr &filter() const noexcept { return filter_; }

 private:
  std::shared_ptr<const schema> schema_with_sources(const partition_spec &spec) const;

  const table_metadata &metadata_;
  bound_ptr filter_;
  std::map<std::int32_t, std::shared_ptr<const spec_pruning>> by_spec_;
};

}  // namespace evodb
