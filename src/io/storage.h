#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "base/location.h"
#include "io/memory_stores.h"
#include "io/object_store.h"
#include "io/s3/s3_options.h"
#include "runtime/background_work.h"
#include "runtime/runtime.h"

namespace evodb {

/// A store with a root that nothing reaches out of. Shared, immutable.
class storage {
 public:
  storage(std::shared_ptr<evodb::runtime> environment, std::shared_ptr<object_store> store, location root);

  /// Opens "s3://bucket/prefix" (or "r2://"), "memory://name", a local folder or a file URI; sends no request. Throws
  /// INVALID_ARGUMENT on what is wrong, UNSUPPORTED on another scheme. `in_memory`: where "memory://name" is found; null:
  /// nowhere, it is a new one.
  static std::shared_ptr<const storage> open(std::shared_ptr<evodb::runtime> environment, std::string_view text,
                                             s3_options of_bucket = {}, memory_stores *in_memory = nullptr);

  const std::shared_ptr<evodb::runtime> &runtime() const noexcept { return environment_; }
  object_store &store() const noexcept { return *store_; }
  background_work &background() const noexcept { return background_; }
  const location &root() const noexcept { return root_; }
  /// The store's clock (epoch ms), as far as it has told that this machine's is wrong.
  std::int64_t now_ms() const { return environment_->now_ms() + store_->clock_ahead_ms(); }

  /// Throws UNSAFE_STORE unless the store creates objects exclusively: by construction, or as it was once seen to do with
  /// an object `.probe-…` in `folder`; what else is thrown says why that cannot be written.
  task<> require_exclusive_creation(location folder) const;

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
