#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "io/s3/credentials.h"
#include "runtime/runtime.h"

namespace evodb {

struct expiring_credentials {
  credentials by;
  std::optional<std::int64_t> expires_at_ms;  ///< epoch milliseconds; null: never
};

/// A caller's own; null where it has none. Called on the callback executor, where it may block.
using credentials_provider = std::function<std::optional<expiring_credentials>()>;

/// Asks the provider when the first credentials are wanted, and again five minutes before they expire: one call at a
/// time, for all who wait. A cancellation ends the wait for a call that hangs.
credentials_source refreshed_credentials(std::shared_ptr<runtime> environment, credentials_provider ask);

}  // namespace evodb
