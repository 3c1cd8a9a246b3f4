#include "arrow/import_data_files.h"
#include "capi/boundary.h"
#include "capi/data_files_builder.h"

using namespace evodb;
using namespace evodb::capi;

evodb_status evodb_data_files_builder_add_arrow(evodb_data_files_builder *builder, struct ArrowArray *array,
                                                struct ArrowSchema *array_schema, evodb_error **error) {
  owned<ArrowArray> rows(array);
  owned<ArrowSchema> described(array_schema);
  return guarded(error, [&] {
    require(builder, "builder");
    require(array, "array");
    require(array_schema, "array_schema");
    builder->end();
    builder->files.add(import_data_files(*rows, *described, builder->files.columns()));
  });
}
