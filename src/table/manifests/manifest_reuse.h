#pragma once

#include <cstdint>

namespace evodb {

/// Orphans younger than three days are kept by every clean-up, so manifests may be referred to first within two
/// (docs/commit.md, rule 4).
inline constexpr std::int64_t manifest_reuse_ms = std::int64_t{2} * 24 * 3600 * 1000;

inline bool is_reusable(std::int64_t written_at_ms, std::int64_t now_ms) noexcept {
  const std::int64_t age_ms = now_ms - written_at_ms;
  return age_ms >= 0 && age_ms < manifest_reuse_ms;
}

}  // namespace evodb
