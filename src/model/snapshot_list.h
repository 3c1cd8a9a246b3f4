#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/growing_index.h"
#include "model/snapshot.h"

namespace evodb {

/// A table's snapshots in the order in which they were written, and found by their ids. A plain value; copies share the
/// snapshots and what finds them.
class snapshot_list {
 public:
  using value_type = std::shared_ptr<const snapshot>;

  snapshot_list() = default;
  explicit snapshot_list(std::vector<value_type> all);

  auto begin() const noexcept { return all_.begin(); }
  auto end() const noexcept { return all_.end(); }
  std::size_t size() const noexcept { return all_.size(); }
  bool empty() const noexcept { return all_.empty(); }
  const value_type &operator[](std::size_t position) const noexcept { return all_[position]; }
  const value_type &front() const noexcept { return all_.front(); }
  const value_type &back() const noexcept { return all_.back(); }

  /// Where the snapshot of that id stands; null if there is none. One of them where hostile metadata has several.
  std::optional<std::size_t> position_of(std::int64_t snapshot_id) const noexcept;

  void push_back(value_type added);
  template <typename Is>
  void erase_if(Is is_erased) {
    std::vector<value_type> kept = std::move(all_);
    std::erase_if(kept, is_erased);
    *this = snapshot_list(std::move(kept));
  }

 private:
  std::vector<value_type> all_;
  growing_index<std::size_t> positions_;
};

}  // namespace evodb
