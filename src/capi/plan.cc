#include "capi/plan.h"

#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/predicate.h"
#include "capi/schema.h"
#include "capi/table.h"

using namespace evodb;
using namespace evodb::capi;

evodb_future *evodb_table_plan(const evodb_table *table, const evodb_predicate *predicate,
                               const evodb_options *options) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    scan_request request;
    option_reader reader(options);
    request.snapshot_id = reader.integer("snapshot-id", INT64_MIN, INT64_MAX);
    request.as_of_ms = reader.integer("as-of-ms", INT64_MIN, INT64_MAX);
    request.ref = reader.text("ref");
    request.limit = reader.integer("limit", 0, INT64_MAX).value_or(-1);
    request.nan_is_highest = reader.boolean("nan-is-highest").value_or(false);
    request.with_deletes = reader.boolean("plan.with-deletes").value_or(false);
    reader.finish();
    if (predicate != nullptr) request.filter = predicate->value;
    return [value = table->value, request = std::move(request)] { return plan_scan(value, request); };
  });
}

evodb_status evodb_future_take_plan(evodb_future *future, int64_t timeout_ms, evodb_plan **out_plan,
                                    evodb_error **error) {
  return guarded(error, [&] {
    require(out_plan, "out_plan");
    *out_plan = new evodb_plan{*take<std::shared_ptr<const evodb::plan>>(future, timeout_ms)};
  });
}

void evodb_plan_free(evodb_plan *plan) {
  delete plan;
}

int64_t evodb_plan_snapshot_id(const evodb_plan *plan) {
  return plan == nullptr || !plan->value->at() ? -1 : plan->value->at()->snapshot_id;
}

evodb_status evodb_plan_schema(const evodb_plan *plan, evodb_schema **out_schema, evodb_error **error) {
  return guarded(error, [&] {
    require(plan, "plan");
    require(out_schema, "out_schema");
    *out_schema = new_schema_handle(plan->value->read_schema());
  });
}
