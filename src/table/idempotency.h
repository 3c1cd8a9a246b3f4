#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/snapshot.h"
#include "model/table_metadata.h"

namespace evodb {

/// A caller's own name for what it commits: the same key is applied once, by whichever process and however often.
/// Sequences of one application go up.
struct idempotency_key {
  std::string application;
  std::int64_t sequence = 0;

  idempotency_key(std::string of, std::int64_t number) : application(std::move(of)), sequence(number) {}
  bool operator==(const idempotency_key &) const = default;

  /// "evodb.app.<application>": the table property, and the entry of a snapshot's summary, with the sequence as value.
  std::string property() const;
};

/// Throws INVALID_ARGUMENT for a name that is empty or long, or a sequence below 0.
void check_idempotency_key(const idempotency_key &key);
/// Whether a property is one of those in which keys are recorded.
bool is_idempotency_property(std::string_view name) noexcept;

/// Whether the table has what this key was given to: its sequence is the one recorded, or a snapshot that is still there
/// carries it. Throws IDEMPOTENCY_KEY_OUT_OF_ORDER when a higher one is recorded and nothing tells.
bool is_committed(const idempotency_key &key, const table_metadata &in);
/// The same, and false where nothing tells.
bool is_recorded(const idempotency_key &key, const table_metadata &in);

}  // namespace evodb
