#include "capi/boundary.h"
#include "capi/data_files.h"
#include "capi/option_reader.h"
#include "capi/schema_changes.h"
#include "capi/table.h"
#include "table/operations/append.h"
#include "table/operations/evolve_schema.h"
#include "table/operations/set_properties.h"

using namespace evodb;
using namespace evodb::capi;

evodb_status evodb_table_evolve(const evodb_table *table, const evodb_schema_changes *changes, evodb_table **out_table,
                                evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &value) {
    require(changes, "changes");
    return evolve_schema(value, changes->steps);
  });
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
