#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "base/location.h"
#include "io/object_store.h"
#include "runtime/background_work.h"
#include "runtime/runtime.h"

namespace evodb {

/// A store with a root that nothing reaches out of. Shared, immutable.
class storage {
 public:
  storage(std::shared_ptr<evodb::runtime> environment, std::shared_ptr<object_store> store, location root);

  const std::shared_ptr<evodb::runtime> &runtime() const noexcept { return environment_; }
  object_store &store() const noexcept { return *store_; }
  background_work &background() const noexcept { return background_; }
  const location &root() const noexcept { return root_; }
  /// The store's clock (epoch ms), as far as its answers have shown that this machine's is wrong.
  std::int64_t now_ms() const { return environment_->now_ms() + store_->clock_ahead_ms(); }

  /// Whether the store is known to create objects exclusively: by construction, or as a probe has shown.
  bool creates_exclusively() const noexcept { return was_exclusive_ || store_->creates_exclusively(); }
  void note_exclusive_creation() const noexcept { was_exclusive_ = true; }

  /// The location of a path relative to the root, or absolute. Throws INVALID_ARGUMENT when it lies outside of the
  /// root.
  location locate(std::string_view path) const;
  /// The store's key for a location as metadata writes it. Throws INVALID_ARGUMENT when it lies outside of the root.
  std::string key_of(std::string_view absolute_location) const;

 private:
  std::shared_ptr<evodb::runtime> environment_;
  std::shared_ptr<object_store> store_;
  location root_;
  mutable std::atomic<bool> was_exclusive_{false};
  mutable background_work background_;
};

}  // namespace evodb
