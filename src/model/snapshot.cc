#include "model/snapshot.h"

#include <algorithm>

namespace evodb {
namespace {

template <typename Pairs>
auto find_pair(Pairs &pairs, std::string_view key) noexcept {
  return std::find_if(pairs.begin(), pairs.end(), [&](const auto &pair) { return pair.first == key; });
}

}  // namespace

const std::string *find_value(const string_pairs &pairs, std::string_view key) noexcept {
  const auto found = find_pair(pairs, key);
  return found == pairs.end() ? nullptr : &found->second;
}

void set_value(string_pairs &pairs, std::string_view key, std::string value) {
  const auto found = find_pair(pairs, key);
  if (found != pairs.end()) {
    found->second = std::move(value);
  } else {
    pairs.emplace_back(key, std::move(value));
  }
}

std::string_view snapshot::operation() const noexcept {
  const std::string *found = find_value(summary, "operation");
  return found ? std::string_view(*found) : std::string_view();
}

}  // namespace evodb
