#include <cstdint>
#include <limits>
#include <utility>

#include "arrow/export_batch.h"
#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/table.h"
#include "table/deletes/deletion_vector_reader.h"

using namespace evodb;
using namespace evodb::capi;

evodb_future *evodb_deletion_vector_read(const evodb_table *table, const char *path, int64_t path_length,
                                         int64_t content_offset, int64_t content_size_in_bytes,
                                         const evodb_options *options) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    option_reader reader(options);
    stored_vector vector;
    vector.cardinality = reader.integer("read.record-count", 0, std::numeric_limits<std::int64_t>::max());
    reader.finish();
    const table_context &context = *table->value.context();
    vector.path = resolve(context.location(), text_in(path, path_length, "path")).to_text();
    vector.offset = content_offset;
    vector.size = content_size_in_bytes;
    return [where = context.storage(), vector = std::move(vector)] { return read_deletion_vector(where, vector); };
  });
}

evodb_status evodb_future_take_positions(evodb_future *future, int64_t timeout_ms, struct ArrowArray *out_array,
                                         struct ArrowSchema *out_array_schema, evodb_error **error) {
  return guarded(error, [&] {
    require(out_array, "out_array");
    require(out_array_schema, "out_array_schema");
    export_int64s("pos", take<deleted_positions>(future, timeout_ms)->positions, *out_array, *out_array_schema);
  });
}
