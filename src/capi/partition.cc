#include <memory>
#include <utility>

#include "arrow/c_data.h"
#include "capi/boundary.h"
#include "capi/partition_spec.h"
#include "table/files/partition_rows.h"

using namespace evodb;
using namespace evodb::capi;

struct evodb_partition {
  row_partition value;
};

evodb_status evodb_partition_spec_apply_json(const evodb_partition_spec *spec, const char *row, int64_t row_length,
                                             evodb_partition **out_partition, evodb_error **error) {
  return guarded(error, [&] {
    require(spec, "spec");
    require(out_partition, "out_partition");
    const std::string_view json = text_in(row, row_length, "row");
    *out_partition = new evodb_partition{partition_of_row(spec->spec, *spec->columns, json)};
  });
}

void evodb_partition_free(evodb_partition *partition) {
  delete partition;
}

const char *evodb_partition_json(const evodb_partition *partition, int64_t *out_length) {
  return text_out(partition == nullptr ? std::string_view() : partition->value.json, out_length);
}

const char *evodb_partition_path(const evodb_partition *partition, int64_t *out_length) {
  return text_out(partition == nullptr ? std::string_view() : partition->value.path, out_length);
}

evodb_status evodb_partition_spec_apply_arrow(const evodb_partition_spec *spec, struct ArrowArray *array,
                                              struct ArrowSchema *array_schema, struct ArrowArray *out_array,
                                              struct ArrowSchema *out_array_schema, evodb_error **error) {
  owned<ArrowArray> rows(array);
  owned<ArrowSchema> described(array_schema);
  return guarded(error, [&] {
    require(spec, "spec");
    require(array, "array");
    require(array_schema, "array_schema");
    require(out_array, "out_array");
    require(out_array_schema, "out_array_schema");
    partition_of_rows(spec->spec, *spec->columns, *rows, *described, *out_array, *out_array_schema);
  });
}
