#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/storage.h"
#include "diagnosis/diagnosis.h"
#include "diagnosis/storage_checks.h"

using namespace evodb;
using namespace evodb::capi;

struct evodb_checks {
  std::shared_ptr<const health_checks> all;
};

evodb_future *evodb_table_diagnose(evodb_storage *storage, const char *location, int64_t location_length,
                                   const evodb_options *options) {
  return start(runtime_of(storage), [&] {
    require(storage, "storage");
    option_reader(options).finish();
    // Not the context that the tables opened from this storage share: its cached state could hide the storage's state.
    open_tables apart(storage->tables->storage());
    return [context = apart.find(text_in(location, location_length, "location"))] { return diagnose(context); };
  });
}

evodb_future *evodb_storage_probe(evodb_storage *storage, const char *location, int64_t location_length,
                                  const evodb_options *options) {
  return start(runtime_of(storage), [&] {
    require(storage, "storage");
    option_reader(options).finish();
    const auto where = storage->tables->storage();
    return [where, folder = where->locate(text_in(location, location_length, "location"))] {
      return diagnose_storage(where, folder);
    };
  });
}

evodb_status evodb_future_take_checks(evodb_future *future, int64_t timeout_ms, evodb_checks **out_checks,
                                      evodb_error **error) {
  return guarded(error, [&] {
    require(out_checks, "out_checks");
    *out_checks = new evodb_checks{take<health_checks>(future, timeout_ms)};
  });
}

void evodb_checks_free(evodb_checks *checks) {
  delete checks;
}

int64_t evodb_checks_count(const evodb_checks *checks) {
  return checks == nullptr ? 0 : static_cast<int64_t>(checks->all->size());
}

evodb_status evodb_checks_get(const evodb_checks *checks, int64_t index, const char **out_name,
                              int64_t *out_name_length, evodb_bool *out_is_ok, const char **out_value_json,
                              int64_t *out_value_json_length, const char **out_message, int64_t *out_message_length,
                              evodb_error **error) {
  return guarded(error, [&] {
    require(checks, "checks");
    const health_check &one = checked_at(*checks->all, index);
    text_out(one.name, out_name, out_name_length);
    if (out_is_ok != nullptr) *out_is_ok = one.is_ok ? 1 : 0;
    text_out(one.value_json, out_value_json, out_value_json_length);
    text_out(one.message, out_message, out_message_length);
  });
}
