#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace evodb {

/// Values by integer keys, several to a key where it must be. It only grows, and copies share what they hold: sorted
/// runs, each at least twice as long as the next one (the logarithmic method of Bentley and Saxe). Whatever the keys,
/// which may come from storage, n values cost O(n log n) to add one by one, a copy O(log n) and a look-up O(log² n).
template <typename Value>
class growing_index {
 public:
  struct entry {
    std::uint64_t key;
    Value value;
  };

  void add(std::vector<entry> more) {
    if (more.empty()) return;
    if (!std::is_sorted(more.begin(), more.end(), is_before)) std::stable_sort(more.begin(), more.end(), is_before);
    while (!runs_.empty() && runs_.back()->size() < 2 * more.size()) {
      const std::vector<entry> &last = *runs_.back();
      std::vector<entry> merged;
      merged.reserve(last.size() + more.size());
      std::merge(last.begin(), last.end(), more.begin(), more.end(), std::back_inserter(merged), is_before);
      more = std::move(merged);
      runs_.pop_back();
    }
    runs_.push_back(std::make_shared<const std::vector<entry>>(std::move(more)));
  }

  /// A value under the key that `fits`; null if there is none.
  template <typename Fits>
  const Value *find(std::uint64_t key, Fits fits) const {
    for (const auto &run : runs_) {
      auto at = std::lower_bound(run->begin(), run->end(), key,
                                 [](const entry &one, std::uint64_t wanted) { return one.key < wanted; });
      for (; at != run->end() && at->key == key; ++at) {
        if (fits(at->value)) return &at->value;
      }
    }
    return nullptr;
  }

 private:
  static bool is_before(const entry &a, const entry &b) noexcept { return a.key < b.key; }

  std::vector<std::shared_ptr<const std::vector<entry>>> runs_;
};

}  // namespace evodb
