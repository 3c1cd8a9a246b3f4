#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "base/bytes.h"

namespace evodb {

/// A text made of an immutable value, kept in it so that it is made once. Any thread may find and keep it. A copy of the
/// value keeps nothing, since it may be changed; the text is no part of what is compared.
class kept_text {
 public:
  kept_text() = default;
  kept_text(const kept_text &) noexcept {}
  kept_text &operator=(const kept_text &) noexcept {
    delete text_.exchange(nullptr);
    return *this;
  }
  ~kept_text() { delete text_.load(); }
  bool operator==(const kept_text &) const noexcept { return true; }

  /// Null where none is kept. Lives as long as the value.
  const bytes *find() const noexcept { return text_.load(std::memory_order_acquire); }
  /// The first one stays.
  void keep(bytes text) const {
    auto made = std::make_unique<const bytes>(std::move(text));
    const bytes *none = nullptr;
    if (text_.compare_exchange_strong(none, made.get(), std::memory_order_acq_rel)) made.release();
  }

 private:
  mutable std::atomic<const bytes *> text_{nullptr};
};

}  // namespace evodb
