#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/schema.h"

namespace evodb {

/// How much a table keeps of a column's statistics. `counts`: sizes and counts; `truncate`: also bounds, cut to
/// `length` code points or bytes; `full`: whole bounds.
struct metrics_mode {
  enum class kind : std::uint8_t { none, counts, truncate, full };
  enum kind kind = kind::truncate;
  std::int32_t length = 16;  ///< of truncate, at least 1

  /// "none", "counts", "full", "truncate(16)", ignoring case; null for anything else.
  static std::optional<metrics_mode> parse(std::string_view text);
  bool operator==(const metrics_mode &) const = default;
};

/// The mode of every column, by field id.
struct metrics_config {
  metrics_mode default_mode;
  std::map<std::int32_t, metrics_mode> columns;

  metrics_mode mode_of(std::int32_t field_id) const;
};

/// From table properties: `write.metadata.metrics.column.<full name>` before `write.metadata.metrics.default`; without
/// a default the first `write.metadata.metrics.max-inferred-column-defaults` (100) columns get truncate(16) and the
/// others none, the columns of an outer level before those nested in it. Values that mean nothing are passed over, as
/// engines do.
metrics_config metrics_config_from(const std::map<std::string, std::string, std::less<>> &properties, const schema &s);

}  // namespace evodb
