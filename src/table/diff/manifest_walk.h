#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include "codec/manifest_program.h"
#include "model/inherited_entries.h"
#include "table/manifests/spec_prunings.h"
#include "table/table.h"

namespace evodb {

/// Reads manifests in their order, some of them at a time: as many as are within a bound of bytes. One coroutine at a
/// time, and not again after a failure.
class manifest_walk {
 public:
  /// `wanted.live_only`: manifests without live files are passed over, and others may come out of the cache, with DELETED
  /// entries among theirs; otherwise all entries are read, past the cache.
  manifest_walk(table of, std::shared_ptr<const manifest_files> manifests, manifest_columns_wanted wanted);

  struct walked {
    const manifest_file *listed = nullptr;
    std::shared_ptr<const spec_pruning> spec;
    inherited_entries entries;
  };
  /// Waits if has_ready is false. Nothing at the end.
  task<std::optional<walked>> next();
  /// Whether next will not wait.
  bool has_ready() const noexcept { return !ready_.empty() || next_ == manifests_->size(); }

 private:
  task<> read_some();

  const table of_;  // whose metadata the specs refer to
  const std::shared_ptr<const manifest_files> manifests_;
  const manifest_columns_wanted wanted_;
  spec_prunings specs_;
  std::size_t next_ = 0;
  std::deque<walked> ready_;
};

}  // namespace evodb
