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
    // The rows are collected apart, so that none is added if one is refused.
    described_files added = builder->files.fresh();
    data_files_import from(*rows, *described);
    data_file file;
    std::string_view partition_json;
    for (std::int64_t row = 0; row < from.rows(); ++row) {
      from.read(row, file, partition_json);
      added.add(file, partition_json);
    }
    builder->files.merge(std::move(added));
  });
}
