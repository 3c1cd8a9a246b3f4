#include "table/idempotency.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.h"

namespace evodb {
namespace {

constexpr std::string_view prefix = "evodb.app.";
constexpr std::size_t longest_application = 200;

/// Null where the property was written by another program and is no sequence.
std::optional<std::int64_t> recorded_sequence(const std::string *text) {
  if (text == nullptr) return std::nullopt;
  std::int64_t sequence = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), sequence);
  if (failed != std::errc() || end != text->data() + text->size() || sequence < 0) return std::nullopt;
  return sequence;
}

}  // namespace

std::string idempotency_key::property() const {
  return std::string(prefix) + application;
}

void check_idempotency_key(const idempotency_key &key) {
  if (key.application.empty() || key.application.size() > longest_application) {
    fail(status::INVALID_ARGUMENT, fmt::format("an idempotency key's application has 1 to {} bytes, not {}",
                                               longest_application, key.application.size()));
  }
  if (key.sequence < 0) {
    fail(status::INVALID_ARGUMENT, fmt::format("an idempotency key's sequence is negative: {}", key.sequence),
         key.application);
  }
}

bool is_idempotency_property(std::string_view name) noexcept {
  return name.starts_with(prefix);
}

bool is_committed(const idempotency_key &key, const table_metadata &in) {
  const std::string property = key.property();
  const std::string *text = in.property(property);
  const std::optional<std::int64_t> recorded = recorded_sequence(text);
  if (text != nullptr && !recorded) {
    fail(status::CORRUPT, fmt::format("the property {} is no sequence: {}", property, *text), in.location);
  }
  if (!recorded || *recorded < key.sequence) return false;
  if (*recorded == key.sequence) return true;
  const std::string sequence = std::to_string(key.sequence);
  const bool is_carried = std::any_of(in.snapshots.begin(), in.snapshots.end(), [&](const auto &s) {
    const std::string *carried = find_value(s->summary, property);
    return carried != nullptr && *carried == sequence;
  });
  if (is_carried) return true;
  fail(status::IDEMPOTENCY_KEY_OUT_OF_ORDER,
       fmt::format("application {} commits sequence {} after {} was committed, and no snapshot that is still there "
                   "carries {}",
                   key.application, key.sequence, *recorded, key.sequence),
       key.application);
}

bool is_recorded(const idempotency_key &key, const table_metadata &in) {
  try {
    return is_committed(key, in);
  } catch (const error &) {
    return false;
  }
}

}  // namespace evodb
