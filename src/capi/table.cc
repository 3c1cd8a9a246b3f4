#include "capi/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/partition_spec.h"
#include "capi/schema.h"
#include "capi/storage.h"
#include "codec/table_metadata_json.h"
#include "table/operations/create_table.h"

using namespace evodb;
using namespace evodb::capi;

evodb_table::evodb_table(evodb::table of)
    : value(std::move(of)),
      location(value.metadata()->location),
      uuid(value.metadata()->table_uuid.to_text()),
      warnings(value.warnings()) {}

namespace evodb::capi {

std::shared_ptr<runtime> runtime_of(const evodb_table *table) noexcept {
  return table == nullptr ? nullptr : table->value.context()->storage()->runtime();
}

}  // namespace evodb::capi

evodb_status evodb_table_create(evodb_storage *storage, const char *location, int64_t location_length,
                                const evodb_schema *schema, const evodb_partition_spec *spec,
                                const evodb_options *options, evodb_table **out_table, evodb_error **error) {
  return guarded(error, [&] {
    require(storage, "storage");
    require(schema, "schema");
    require(out_table, "out_table");
    check_process(*runtime_of(storage));
    option_reader reader(options);
    const int needed = std::max(2, schema->columns->minimum_format_version());
    const auto format_version = static_cast<int>(reader.integer("format-version", 2, 3).value_or(needed));
    const string_pairs properties = reader.texts_below("table-property.");
    reader.finish();
    auto context = storage->tables->find(text_in(location, location_length, "location"));
    const partition_spec unpartitioned;
    *out_table =
        new evodb_table(create_table(std::move(context), *schema->columns, spec == nullptr ? unpartitioned : spec->spec,
                                     format_version, properties));
  });
}

evodb_future *evodb_table_open(evodb_storage *storage, const char *location, int64_t location_length,
                               const evodb_options *options) {
  return start(runtime_of(storage), [&] {
    require(storage, "storage");
    option_reader(options).finish();
    auto context = storage->tables->find(text_in(location, location_length, "location"));
    return [tables = storage->tables, context] { return tables->open(context); };
  });
}

evodb_status evodb_future_take_table(evodb_future *future, int64_t timeout_ms, evodb_table **out_table,
                                     evodb_error **error) {
  return guarded(error, [&] {
    require(out_table, "out_table");
    *out_table = new evodb_table(*take<evodb::table>(future, timeout_ms));
  });
}

void evodb_table_free(evodb_table *table) {
  delete table;
}

evodb_future *evodb_table_refresh(const evodb_table *table) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    return [value = table->value] { return refresh(value); };
  });
}

int64_t evodb_table_warning_count(const evodb_table *table) {
  return table == nullptr ? 0 : static_cast<int64_t>(table->warnings.size());
}

evodb_status evodb_table_warning_at(const evodb_table *table, int64_t index, evodb_status *out_code,
                                    const char **out_message, int64_t *out_message_length, const char **out_subject,
                                    int64_t *out_subject_length, evodb_error **error) {
  return guarded(error, [&] {
    require(table, "table");
    const evodb::error &one = checked_at(table->warnings, index);
    if (out_code != nullptr) *out_code = static_cast<evodb_status>(one.code());
    text_out(one.message(), out_message, out_message_length);
    text_out(one.subject(), out_subject, out_subject_length);
  });
}

int64_t evodb_table_version(const evodb_table *table) {
  return table == nullptr ? 0 : table->value.base().version;
}

const char *evodb_table_metadata_location(const evodb_table *table, int64_t *out_length) {
  return text_out(table == nullptr ? std::string_view() : table->value.base().metadata_location, out_length);
}

const char *evodb_table_location(const evodb_table *table, int64_t *out_length) {
  return text_out(table == nullptr ? std::string_view() : table->location, out_length);
}

const char *evodb_table_uuid(const evodb_table *table, int64_t *out_length) {
  return text_out(table == nullptr ? std::string_view() : table->uuid, out_length);
}

int32_t evodb_table_format_version(const evodb_table *table) {
  return table == nullptr ? 0 : table->value.metadata()->format_version;
}

evodb_status evodb_table_metadata_json(const evodb_table *table, const char **out_json, int64_t *out_json_length,
                                       evodb_error **error) {
  return guarded(error, [&] {
    require(table, "table");
    auto *handle = const_cast<evodb_table *>(table);  // written once, on first use
    std::call_once(handle->json_once, [&] { handle->json = write_table_metadata(*table->value.metadata()); });
    text_out(table->json, out_json, out_json_length);
  });
}

evodb_status evodb_table_property(const evodb_table *table, const char *key, int64_t key_length, const char **out_value,
                                  int64_t *out_value_length, evodb_error **error) {
  return guarded(error, [&] {
    require(table, "table");
    const std::string_view name = text_in(key, key_length, "key");
    const std::string *found = table->value.metadata()->property(name);
    if (found == nullptr) fail(status::NOT_FOUND, fmt::format("the property is not set: {}", name), std::string(name));
    text_out(*found, out_value, out_value_length);
  });
}

evodb_status evodb_table_schema(const evodb_table *table, evodb_schema **out_schema, evodb_error **error) {
  return guarded(error, [&] {
    require(table, "table");
    require(out_schema, "out_schema");
    *out_schema = new_schema_handle(table->value.metadata()->current_schema());
  });
}

evodb_status evodb_table_schema_by_id(const evodb_table *table, int32_t schema_id, evodb_schema **out_schema,
                                      evodb_error **error) {
  return guarded(error, [&] {
    require(table, "table");
    require(out_schema, "out_schema");
    auto found = table->value.metadata()->find_schema(schema_id);
    if (!found) fail(status::NOT_FOUND, fmt::format("the table has no schema {}", schema_id));
    *out_schema = new_schema_handle(std::move(found));
  });
}

evodb_status evodb_table_partition_spec(const evodb_table *table, evodb_partition_spec **out_spec,
                                        evodb_error **error) {
  return guarded(error, [&] {
    require(table, "table");
    require(out_spec, "out_spec");
    const table_metadata &metadata = *table->value.metadata();
    *out_spec = new_partition_spec_handle(metadata.current_schema(), metadata.default_spec());
  });
}
