#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/error.h"
#include "base/location.h"
#include "io/storage.h"
#include "runtime/task.h"

namespace evodb {

/// `metadata/version-hint.text`: advice for engines that read, never the truth. Digits alone, without a newline: some
/// readers take the content verbatim.
class version_hint {
 public:
  /// Of what is no hint there may be more.
  static constexpr std::int64_t longest_text = 64 << 10;

  version_hint(std::shared_ptr<const storage> where, const location &table);

  /// The version that a hint's text names, as other writers end it: with a newline or blanks too. Null if it names none.
  static std::optional<std::int64_t> parse(const bytes &text) noexcept;

  /// How it begins, or all of it, verbatim; null when there is none. Throws what the store fails with.
  task<std::optional<object>> get() const;
  /// Null when there is none, when it is not a number or cannot be read.
  task<std::optional<std::int64_t>> read() const;
  const std::string &key() const noexcept { return key_; }
  /// What to say of one that names a version which is not there, where `newest` is.
  static error misleading(const location &table, std::int64_t hint, std::int64_t newest);

 private:
  std::shared_ptr<const storage> storage_;
  std::string key_;
};

}  // namespace evodb
