#include "capi/runtime.h"

#include "capi/boundary.h"
#include "capi/option_reader.h"
#include "capi/options.h"
#include "runtime/thread_runtime.h"
#include "runtime/weighed_cache.h"

using namespace evodb;
using namespace evodb::capi;

evodb_status evodb_runtime_open(const evodb_options *options, evodb_runtime **out_runtime, evodb_error **error) {
  return guarded(error, [&] {
    require(out_runtime, "out_runtime");
    constexpr std::int64_t least_memory = std::int64_t{16} << 20;
    thread_runtime_options wanted;
    option_reader reader(options);
    wanted.io_threads = static_cast<int>(reader.integer("runtime.io-threads", 1, 64).value_or(wanted.io_threads));
    wanted.cpu_threads = static_cast<int>(reader.integer("runtime.cpu-threads", 1, 1024).value_or(wanted.cpu_threads));
    wanted.blocking_threads =
        static_cast<int>(reader.integer("runtime.blocking-threads", 1, 256).value_or(wanted.blocking_threads));
    wanted.memory_limit_bytes =
        reader.integer("runtime.memory-limit-bytes", least_memory, INT64_MAX).value_or(wanted.memory_limit_bytes);
    wanted.cache_bytes = reader.integer("runtime.cache-bytes", 0, INT64_MAX);
    constexpr std::int64_t longest_ms = std::int64_t{24} * 3600 * 1000;
    wanted.operation_limit =
        std::chrono::milliseconds(reader.integer("runtime.operation-timeout-ms", 0, longest_ms).value_or(0));
    if (options != nullptr) {
      wanted.on_event = options->on_event;
      wanted.highest_log_level = options->highest_log_level;
    }
    reader.finish();
    *out_runtime = new evodb_runtime{make_thread_runtime(wanted)};
  });
}

void evodb_runtime_free(evodb_runtime *runtime) {
  if (runtime == nullptr) return;
  // If the caller has freed all other handles, this is then the last owner, and not an operation that is ending.
  const bool may_wait = !runtime->value->forked() && !runtime->value->owns_this_thread();
  if (may_wait) runtime->value->settle();
  delete runtime;
}

int64_t evodb_runtime_count(const evodb_runtime *runtime, int32_t counter) {
  if (runtime == nullptr) return 0;
  memory_budget &memory = runtime->value->memory();
  switch (counter) {
    case EVODB_RUNTIME_CACHE_HITS:
      return memory.cache().hits();
    case EVODB_RUNTIME_CACHE_MISSES:
      return memory.cache().misses();
    case EVODB_RUNTIME_CACHE_BYTES:
      return runtime->value->forked() ? 0 : memory.cache().bytes();
    case EVODB_RUNTIME_MEMORY_BYTES:
      return memory.in_use();
    default:
      return -1;
  }
}
