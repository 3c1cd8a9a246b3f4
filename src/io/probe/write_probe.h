#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "io/object_store.h"
#include "runtime/runtime.h"
#include "runtime/task.h"

namespace evodb {

/// What a store made of the conditional writes of an object that was made to try it.
struct write_probe {
  std::optional<error> write;          ///< why it could not be written; then nothing else was tried
  std::optional<error> if_none_match;  ///< why an object cannot be created exclusively: UNSAFE_STORE, or what it said
  std::optional<error> if_match;       ///< why an object cannot be replaced conditionally, in the same way
  std::optional<error> removal;        ///< why the object is still there
  /// This machine's clock less the store's, where the write's time shows that they differ; null: not known.
  std::optional<std::int64_t> clock_ahead_ms;
};

/// Creates, replaces and deletes an object under a key of its own: seven requests, or more where the store
/// takes few writes of one key. Once begun it goes on to the end, so that nothing is left behind; cancellation takes
/// effect afterwards. A store whose conditions hold one after the other may still let two writers in at the same time: that does
/// not show here.
task<write_probe> probe_writes(object_store &store, runtime &environment, std::string key);

}  // namespace evodb
