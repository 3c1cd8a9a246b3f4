#include "table/table.h"

#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/handles.h"
#include "capi/option_reader.h"
#include "codec/table_metadata_json.h"
#include "table/commit/commit.h"
#include "table/commit/resolve.h"
#include "table/operations/append.h"
#include "table/operations/create_table.h"
#include "table/operations/evolve_schema.h"
#include "table/operations/roll_back.h"
#include "table/operations/set_properties.h"

using namespace evodb;
using namespace evodb::capi;

evodb_table::evodb_table(evodb::table of)
    : value(std::move(of)),
      location(value.metadata()->location),
      uuid(value.metadata()->table_uuid.to_text()),
      warnings(value.warnings()) {}

namespace evodb::capi {

std::shared_ptr<runtime> environment_of(const evodb_table *table) noexcept {
  return table == nullptr ? nullptr : table->value.context()->storage()->runtime();
}

std::shared_ptr<runtime> environment_of(const evodb_storage *storage) noexcept {
  return storage == nullptr ? nullptr : storage->tables->storage()->runtime();
}

}  // namespace evodb::capi

namespace {

template <typename Make>
evodb_status derive(const evodb_table *table, evodb_table **out_table, evodb_error **error, Make make) {
  return guarded(error, [&] {
    require(table, "table");
    require(out_table, "out_table");
    check_process(*environment_of(table));
    *out_table = new evodb_table(make(table->value));
  });
}

std::optional<idempotency_key> read_idempotency_key(const evodb_options *options) {
  option_reader reader(options);
  std::optional<std::string> application = reader.text("idempotency.application");
  const std::optional<std::int64_t> sequence = reader.integer("idempotency.sequence", 0, INT64_MAX);
  reader.finish();
  if (application.has_value() != sequence.has_value()) {
    fail(status::INVALID_ARGUMENT, "idempotency.application and idempotency.sequence are given together or not at all",
         application ? "idempotency.sequence" : "idempotency.application");
  }
  if (!application) return std::nullopt;
  idempotency_key key(*std::move(application), *sequence);
  check_idempotency_key(key);
  return key;
}

}  // namespace

evodb_status evodb_table_create(evodb_storage *storage, const char *location, int64_t location_length,
                                const evodb_schema *schema, const evodb_partition_spec *spec,
                                const evodb_options *options, evodb_table **out_table, evodb_error **error) {
  return guarded(error, [&] {
    require(storage, "storage");
    require(schema, "schema");
    require(out_table, "out_table");
    check_process(*environment_of(storage));
    option_reader reader(options);
    const int needed = std::max(2, schema->columns->minimum_format_version());
    const auto format_version = static_cast<int>(reader.integer("format-version", 2, 3).value_or(needed));
    const string_pairs properties = reader.texts_below("table-property.");
    reader.finish();
    auto context = storage->tables->find(text_in(location, location_length, "location"));
    const partition_spec unpartitioned;
    *out_table =
        new evodb_table(evodb::create_table(std::move(context), *schema->columns,
                                            spec == nullptr ? unpartitioned : spec->spec, format_version, properties));
  });
}

evodb_future *evodb_table_open(evodb_storage *storage, const char *location, int64_t location_length,
                               const evodb_options *options) {
  return start(environment_of(storage), result::kind::table, [&]() -> operation_body {
    require(storage, "storage");
    option_reader(options).finish();
    auto context = storage->tables->find(text_in(location, location_length, "location"));
    return [tables = storage->tables, context]() -> task<result> {
      table opened = co_await tables->open(context);
      co_return result(std::move(opened));
    };
  });
}

void evodb_table_free(evodb_table *table) {
  delete table;
}

evodb_future *evodb_table_refresh(const evodb_table *table) {
  return start(environment_of(table), result::kind::table, [&]() -> operation_body {
    require(table, "table");
    return [value = table->value]() -> task<result> {
      evodb::table refreshed = co_await refresh(value);
      co_return result(std::move(refreshed));
    };
  });
}

evodb_future *evodb_table_commit(const evodb_table *table, const evodb_options *options) {
  return start(environment_of(table), result::kind::table, [&]() -> operation_body {
    require(table, "table");
    std::optional<idempotency_key> key = read_idempotency_key(options);
    return [value = table->value, key = std::move(key)]() -> task<result> {
      std::optional<idempotency_key> own = key;
      evodb::table committed = co_await commit(value, std::move(own));
      co_return result(std::move(committed));
    };
  });
}

evodb_bool evodb_table_was_committed_before(const evodb_table *table) {
  return table != nullptr && table->value.report().already_committed ? 1 : 0;
}

int64_t evodb_table_expired_snapshot_count(const evodb_table *table) {
  return table == nullptr ? 0 : table->value.report().expired_snapshots;
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

evodb_status evodb_table_has_idempotency_key(const evodb_table *table, const char *application,
                                             int64_t application_length, int64_t sequence, evodb_bool *out_has_key,
                                             evodb_error **error) {
  return guarded(error, [&] {
    require(table, "table");
    require(out_has_key, "out_has_key");
    const idempotency_key key(std::string(text_in(application, application_length, "application")), sequence);
    check_idempotency_key(key);
    *out_has_key = is_committed(key, *table->value.metadata()) ? 1 : 0;
  });
}

evodb_future *evodb_table_resolve(const evodb_table *table, const char *token, int64_t token_length) {
  return start(environment_of(table), result::kind::resolution, [&]() -> operation_body {
    require(table, "table");
    commit_token given = commit_token::parse(text_in(token, token_length, "token"));
    return [context = table->value.context(), given = std::move(given)]() -> task<result> {
      commit_token own = given;
      const resolution found = co_await resolve(context, std::move(own));
      co_return result(found);
    };
  });
}

int64_t evodb_table_uncommitted_count(const evodb_table *table) {
  if (table == nullptr) return 0;
  const auto &all = table->value.uncommitted();
  return std::count_if(all.begin(), all.end(), [](const auto &change) { return !change->is_committed(); });
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

evodb_status evodb_table_roll_back(const evodb_table *table, int64_t snapshot_id, evodb_table **out_table,
                                   evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &value) { return roll_back(value, snapshot_id); });
}

evodb_status evodb_table_append(const evodb_table *table, const evodb_data_files *data_files,
                                const evodb_options *options, evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &value) {
    require(data_files, "data_files");
    option_reader reader(options);
    string_pairs summary = reader.texts_below("summary.");
    const bool check_duplicates = reader.boolean("append.check-duplicates").value_or(false);
    reader.finish();
    append_options settings;
    settings.summary = std::move(summary);
    settings.check_duplicates = check_duplicates;
    return append(value, data_files->files, std::move(settings));
  });
}
