#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "arrow/export_batch.h"
#include "arrow/import_data_files.h"
#include "capi/boundary.h"
#include "capi/option_reader.h"
#include "capi/partition_spec.h"
#include "capi/predicate.h"
#include "capi/schema.h"
#include "expression/bind.h"
#include "table/scan/prune_files.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

const std::vector<export_column> &pruned_columns() {
  using kind = export_column::kind;
  static const std::vector<export_column> all{{"may_match", kind::boolean, false}, {"residual", kind::utf8, false}};
  return all;
}

/// The filter through the spec. A spec may use columns that are gone from the schema since; then its own has them.
std::shared_ptr<const spec_pruning> pruning_of(const evodb_predicate &predicate, const evodb_schema &schema,
                                               const evodb_partition_spec *spec, bool nan_is_highest) {
  bound_ptr filter = evodb::bind(predicate.value, *schema.columns, nan_is_highest);
  const partition_spec by = spec == nullptr ? partition_spec() : spec->spec;
  auto columns = has_sources(*schema.columns, by) ? schema.columns : spec->columns;
  return std::make_shared<const spec_pruning>(std::move(filter), by, std::move(columns));
}

void export_pruned(const planned_files &kept, std::size_t count, ArrowArray &out, ArrowSchema &out_schema) {
  const std::string nothing = to_text(*bound_false());
  export_batch batch(pruned_columns());
  for (std::size_t row = 0, next = 0; row < count; ++row) {
    const bool may_match = next < kept.rows.size() && kept.rows[next] == row;
    batch.append_boolean(0, may_match);
    batch.append_text(1, may_match ? kept.residual(next++) : nothing);
  }
  owned<ArrowSchema> made;
  export_schema(pruned_columns(), *made);
  std::move(batch).finish(out);
  out_schema = made.give();
}

}  // namespace

evodb_status evodb_predicate_prune_files(const evodb_predicate *predicate, const evodb_schema *schema,
                                         const evodb_partition_spec *spec, const evodb_options *options,
                                         struct ArrowArray *array, struct ArrowSchema *array_schema,
                                         struct ArrowArray *out_array, struct ArrowSchema *out_array_schema,
                                         evodb_error **error) {
  owned<ArrowArray> files(array);
  owned<ArrowSchema> described(array_schema);
  return guarded(error, [&] {
    require(predicate, "predicate");
    require(schema, "schema");
    require(array, "array");
    require(array_schema, "array_schema");
    require(out_array, "out_array");
    require(out_array_schema, "out_array_schema");
    option_reader reader(options);
    const bool nan_is_highest = reader.boolean("nan-is-highest").value_or(false);
    reader.finish();
    auto pruning = pruning_of(*predicate, *schema, spec, nan_is_highest);
    imported_data_files given = import_data_files(*files, *described, *schema->columns);
    const std::size_t count = given.paths.size();
    const planned_files kept = prune_files(std::move(given), std::move(pruning));
    export_pruned(kept, count, *out_array, *out_array_schema);
  });
}
