#include "capi/boundary.h"
#include "capi/data_files.h"
#include "capi/option_reader.h"
#include "capi/partition_spec_changes.h"
#include "capi/schema.h"
#include "capi/schema_changes.h"
#include "capi/table.h"
#include "model/sort_order_text.h"
#include "table/operations/add_schema.h"
#include "table/operations/append.h"
#include "table/operations/evolve_partition_spec.h"
#include "table/operations/evolve_schema.h"
#include "table/operations/set_current_schema.h"
#include "table/operations/set_properties.h"
#include "table/operations/set_sort_order.h"
#include "table/operations/upgrade.h"

using namespace evodb;
using namespace evodb::capi;

evodb_status evodb_table_evolve(const evodb_table *table, const evodb_schema_changes *changes, evodb_table **out_table,
                                evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &value) {
    require(changes, "changes");
    return evolve_schema(value, changes->steps);
  });
}

evodb_status evodb_table_add_schema(const evodb_table *table, const evodb_schema *schema, int32_t *out_schema_id,
                                    evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &value) {
    require(schema, "schema");
    require(out_schema_id, "out_schema_id");
    const field_ids ids = schema->has_given_ids ? field_ids::given : field_ids::by_name;
    auto [with_schema, schema_id] = add_schema(value, *schema->columns, ids);
    *out_schema_id = schema_id;
    return std::move(with_schema);
  });
}

evodb_status evodb_table_set_current_schema(const evodb_table *table, int32_t schema_id, evodb_table **out_table,
                                            evodb_error **error) {
  return derive(table, out_table, error,
                [&](const evodb::table &value) { return set_current_schema(value, schema_id); });
}

evodb_status evodb_table_evolve_partition_spec(const evodb_table *table, const evodb_partition_spec_changes *changes,
                                               evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &value) {
    require(changes, "changes");
    return evolve_partition_spec(value, changes->steps);
  });
}

evodb_status evodb_table_set_sort_order(const evodb_table *table, const char *text, int64_t text_length,
                                        evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &value) {
    return set_sort_order(value,
                          parse_sort_order(text_in(text, text_length, "text"), *value.metadata()->current_schema()));
  });
}

evodb_status evodb_table_upgrade(const evodb_table *table, int32_t format_version, evodb_table **out_table,
                                 evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &value) { return upgrade(value, format_version); });
}

evodb_status evodb_table_set_property(const evodb_table *table, const char *key, int64_t key_length, const char *value,
                                      int64_t value_length, evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    string_pairs pairs;
    pairs.emplace_back(text_in(key, key_length, "key"), text_in(value, value_length, "value"));
    return set_properties(of, std::move(pairs), {});
  });
}

evodb_status evodb_table_unset_property(const evodb_table *table, const char *key, int64_t key_length,
                                        evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    return set_properties(of, {}, {std::string(text_in(key, key_length, "key"))});
  });
}

evodb_status evodb_table_append(const evodb_table *table, const evodb_data_files *data_files,
                                const evodb_options *options, evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &value) {
    require(data_files, "data_files");
    option_reader reader(options);
    append_options how;
    how.summary = reader.texts_below("summary.");
    if (auto branch = reader.text("snapshot.branch")) how.branch = *std::move(branch);
    how.is_staged = reader.boolean("snapshot.staged").value_or(false);
    how.check_duplicates = reader.boolean("append.check-duplicates").value_or(false);
    reader.finish();
    return append(value, data_files->files, std::move(how));
  });
}
