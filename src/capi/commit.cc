#include <algorithm>

#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/table.h"
#include "table/commit/commit.h"
#include "table/commit/resolve.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

std::optional<idempotency_key> read_idempotency_key(const evodb_options *options) {
  option_reader reader(options);
  std::optional<std::string> application = reader.text("idempotency.application");
  const std::optional<std::int64_t> sequence = reader.integer("idempotency.sequence", 0, INT64_MAX);
  reader.finish();
  if (application.has_value() != sequence.has_value()) {
    fail(status::INVALID_ARGUMENT, "idempotency.application and idempotency.sequence are given together or not at all",
         application ? "idempotency.sequence" : "idempotency.application");
  }
  if (!application) return std::nullopt;
  idempotency_key key(*std::move(application), *sequence);
  check_idempotency_key(key);
  return key;
}

}  // namespace

evodb_future *evodb_table_commit(const evodb_table *table, const evodb_options *options) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    std::optional<idempotency_key> key = read_idempotency_key(options);
    return [value = table->value, key = std::move(key)] { return commit(value, key); };
  });
}

evodb_bool evodb_table_was_committed_before(const evodb_table *table) {
  return table != nullptr && table->value.report().already_committed ? 1 : 0;
}

int64_t evodb_table_expired_snapshot_count(const evodb_table *table) {
  return table == nullptr ? 0 : table->value.report().expired_snapshots;
}

evodb_status evodb_table_has_idempotency_key(const evodb_table *table, const char *application,
                                             int64_t application_length, int64_t sequence, evodb_bool *out_has_key,
                                             evodb_error **error) {
  return guarded(error, [&] {
    require(table, "table");
    require(out_has_key, "out_has_key");
    const idempotency_key key(std::string(text_in(application, application_length, "application")), sequence);
    check_idempotency_key(key);
    *out_has_key = is_committed(key, *table->value.metadata()) ? 1 : 0;
  });
}

int64_t evodb_table_uncommitted_count(const evodb_table *table) {
  if (table == nullptr) return 0;
  const auto &all = table->value.uncommitted();
  return std::count_if(all.begin(), all.end(), [](const auto &change) { return !change->is_committed(); });
}

evodb_future *evodb_table_resolve(const evodb_table *table, const char *token, int64_t token_length) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    commit_token given = commit_token::parse(text_in(token, token_length, "token"));
    return [context = table->value.context(), given = std::move(given)] { return resolve(context, given); };
  });
}

evodb_status evodb_future_take_resolution(evodb_future *future, int64_t timeout_ms, int32_t *out_resolution,
                                          int64_t *out_version, int64_t *out_snapshot_id, evodb_error **error) {
  return guarded(error, [&] {
    require(out_resolution, "out_resolution");
    const resolution found = *take<resolution>(future, timeout_ms);
    *out_resolution = found.what == resolution::kind::committed ? EVODB_RESOLUTION_COMMITTED
                      : found.what == resolution::kind::lost    ? EVODB_RESOLUTION_LOST
                                                                : EVODB_RESOLUTION_UNKNOWN;
    if (out_version != nullptr) *out_version = found.version.value_or(-1);
    if (out_snapshot_id != nullptr) *out_snapshot_id = found.snapshot_id.value_or(-1);
  });
}
