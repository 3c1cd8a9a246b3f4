#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "evodb_lakehouse.h"
#include "model/snapshot.h"

namespace evodb::capi {

/// Reads the options that a function has; finish() refuses all others. NULL: no options.
class option_reader {
 public:
  explicit option_reader(const evodb_options *options) : options_(options) {}

  /// Throws INVALID_ARGUMENT naming the key when the value has another type or is outside of [lowest, highest].
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t lowest, std::int64_t highest);
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::string> text(std::string_view key);
  /// Every key "prefix" + name, as (name, value), in the order of names.
  string_pairs texts_below(std::string_view prefix);
  /// Throws INVALID_ARGUMENT naming a key that was not read.
  void finish() const;

 private:
  const evodb_options *options_;
  std::set<std::string, std::less<>> read_;
};

}  // namespace evodb::capi
