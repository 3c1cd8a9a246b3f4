#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/table.h"
#include "diagnosis/verify.h"

using namespace evodb;
using namespace evodb::capi;

struct evodb_findings {
  std::shared_ptr<const std::vector<finding>> all;
};

evodb_future *evodb_table_verify(const evodb_table *table, const evodb_options *options) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    option_reader reader(options);
    const bool data = reader.boolean("verify.data").value_or(false);
    reader.finish();
    return [value = table->value, data] { return verify(value, data); };
  });
}

evodb_status evodb_future_take_findings(evodb_future *future, int64_t timeout_ms, evodb_findings **out_findings,
                                        evodb_error **error) {
  return guarded(error, [&] {
    require(out_findings, "out_findings");
    *out_findings = new evodb_findings{take<std::vector<finding>>(future, timeout_ms)};
  });
}

void evodb_findings_free(evodb_findings *findings) {
  delete findings;
}

int64_t evodb_findings_count(const evodb_findings *findings) {
  return findings == nullptr ? 0 : static_cast<int64_t>(findings->all->size());
}

evodb_status evodb_findings_get(const evodb_findings *findings, int64_t index, evodb_bool *out_is_error,
                                const char **out_path, int64_t *out_path_length, const char **out_message,
                                int64_t *out_message_length, evodb_error **error) {
  return guarded(error, [&] {
    require(findings, "findings");
    const finding &one = checked_at(*findings->all, index);
    if (out_is_error != nullptr) *out_is_error = one.is_error ? 1 : 0;
    text_out(one.path, out_path, out_path_length);
    text_out(one.message, out_message, out_message_length);
  });
}
