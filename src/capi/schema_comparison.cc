#include <fmt/format.h>

#include <algorithm>

#include "capi/boundary.h"
#include "capi/schema.h"
#include "table/operations/schema_comparison.h"

using namespace evodb;
using namespace evodb::capi;

struct evodb_schema_comparison {
  std::vector<schema_difference> differences;
};

namespace {

evodb_schema_comparison *new_comparison(const evodb_schema *old_schema, const evodb_schema *new_schema,
                                        int32_t format_version, compatibility asked) {
  require(old_schema, "old_schema");
  require(new_schema, "new_schema");
  if (format_version < 2 || format_version > 3)
    fail(status::INVALID_ARGUMENT, fmt::format("format_version is {}, which is neither 2 nor 3", format_version));
  return new evodb_schema_comparison{compare(*old_schema->columns, *new_schema->columns, format_version, asked)};
}

compatibility compatibility_of(int32_t mode) {
  switch (mode) {
    case EVODB_COMPATIBILITY_NONE:
      return compatibility::none;
    case EVODB_COMPATIBILITY_BACKWARD:
      return compatibility::backward;
    case EVODB_COMPATIBILITY_FORWARD:
      return compatibility::forward;
    case EVODB_COMPATIBILITY_FULL:
      return compatibility::full;
    default:
      fail(status::INVALID_ARGUMENT, fmt::format("mode: there is no compatibility {}", mode));
  }
}

}  // namespace

evodb_status evodb_schema_compare(const evodb_schema *old_schema, const evodb_schema *new_schema,
                                  int32_t format_version, evodb_schema_comparison **out_comparison,
                                  evodb_error **error) {
  return guarded(error, [&] {
    require(out_comparison, "out_comparison");
    *out_comparison = new_comparison(old_schema, new_schema, format_version, compatibility::evolution);
  });
}

evodb_status evodb_schema_compare_mode(const evodb_schema *old_schema, const evodb_schema *new_schema,
                                       int32_t format_version, int32_t mode, evodb_schema_comparison **out_comparison,
                                       evodb_error **error) {
  return guarded(error, [&] {
    require(out_comparison, "out_comparison");
    *out_comparison = new_comparison(old_schema, new_schema, format_version, compatibility_of(mode));
  });
}

void evodb_schema_comparison_free(evodb_schema_comparison *comparison) {
  delete comparison;
}

evodb_bool evodb_schema_comparison_is_compatible(const evodb_schema_comparison *comparison) {
  if (comparison == nullptr) return 0;
  const auto &all = comparison->differences;
  return std::all_of(all.begin(), all.end(), [](const schema_difference &one) { return one.is_compatible; }) ? 1 : 0;
}

int64_t evodb_schema_comparison_count(const evodb_schema_comparison *comparison) {
  return comparison == nullptr ? 0 : static_cast<int64_t>(comparison->differences.size());
}

evodb_status evodb_schema_comparison_get(const evodb_schema_comparison *comparison, int64_t index,
                                         evodb_bool *out_compatible, const char **out_kind, int64_t *out_kind_length,
                                         const char **out_column, int64_t *out_column_length, const char **out_reason,
                                         int64_t *out_reason_length, evodb_error **error) {
  return guarded(error, [&] {
    require(comparison, "comparison");
    const schema_difference &one = checked_at(comparison->differences, index);
    if (out_compatible != nullptr) *out_compatible = one.is_compatible ? 1 : 0;
    text_out(one.kind, out_kind, out_kind_length);
    text_out(one.column, out_column, out_column_length);
    text_out(one.reason, out_reason, out_reason_length);
  });
}
