#include "model/snapshot_list.h"

namespace evodb {
namespace {

std::uint64_t key_of(std::int64_t snapshot_id) noexcept {
  return static_cast<std::uint64_t>(snapshot_id);
}

}  // namespace

snapshot_list::snapshot_list(std::vector<value_type> all) : all_(std::move(all)) {
  std::vector<growing_index<std::size_t>::entry> entries;
  entries.reserve(all_.size());
  for (std::size_t i = 0; i < all_.size(); ++i) entries.push_back({key_of(all_[i]->snapshot_id), i});
  positions_.add(std::move(entries));
}

std::optional<std::size_t> snapshot_list::position_of(std::int64_t snapshot_id) const noexcept {
  const std::size_t *found = positions_.find(key_of(snapshot_id), [](std::size_t) { return true; });
  return found == nullptr ? std::nullopt : std::optional(*found);
}

void snapshot_list::push_back(value_type added) {
  positions_.add({{key_of(added->snapshot_id), all_.size()}});
  all_.push_back(std::move(added));
}

}  // namespace evodb
