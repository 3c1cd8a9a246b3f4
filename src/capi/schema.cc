#include "capi/schema.h"

#include <fmt/format.h>

#include <unordered_set>

#include "arrow/iceberg_schema.h"
#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/storage.h"
#include "codec/schema_json.h"
#include "table/files/inspect.h"

using namespace evodb;
using namespace evodb::capi;

struct evodb_schema_builder {
  std::vector<field> fields;
  std::unordered_set<std::string> names;
};

namespace {

/// Of fields that have one each or none.
bool has_ids(const std::vector<field> &fields) {
  return fields.empty() || fields.front().id != 0;
}

}  // namespace

namespace evodb::capi {

evodb_schema *new_schema_handle(std::shared_ptr<const schema> columns, bool has_given_ids) {
  auto handle = std::make_unique<evodb_schema>();
  handle->has_given_ids = has_given_ids;
  handle->json = write_schema_text(*columns);
  handle->columns = std::move(columns);
  return handle.release();
}

}  // namespace evodb::capi

evodb_status evodb_schema_parse(const char *json, int64_t json_length, evodb_schema **out_schema, evodb_error **error) {
  return guarded(error, [&] {
    require(out_schema, "out_schema");
    schema_fields read = read_schema_fields_text(text_in(json, json_length, "json"), "schema");
    const bool has_given_ids = has_ids(read.fields);
    auto fields = keep_or_assign_ids(std::move(read.fields));
    *out_schema = new_schema_handle(
        std::make_shared<const schema>(read.schema_id, std::move(fields), std::move(read.identifier_field_ids)),
        has_given_ids);
  });
}

evodb_status evodb_schema_from_arrow(struct ArrowSchema *array_schema, evodb_schema **out_schema, evodb_error **error) {
  owned<ArrowSchema> described(array_schema);
  return guarded(error, [&] {
    require(array_schema, "array_schema");
    require(out_schema, "out_schema");
    std::vector<field> fields = fields_of_arrow(*described);
    const bool has_given_ids = has_ids(fields);
    *out_schema =
        new_schema_handle(std::make_shared<const schema>(0, keep_or_assign_ids(std::move(fields))), has_given_ids);
  });
}

evodb_status evodb_schema_to_arrow(const evodb_schema *schema, struct ArrowSchema *out_array_schema,
                                   evodb_error **error) {
  return guarded(error, [&] {
    require(schema, "schema");
    require(out_array_schema, "out_array_schema");
    export_iceberg_schema(*schema->columns, *out_array_schema);
  });
}

void evodb_schema_free(evodb_schema *schema) {
  delete schema;
}

const char *evodb_schema_json(const evodb_schema *schema, int64_t *out_length) {
  return text_out(schema == nullptr ? std::string_view() : schema->json, out_length);
}

int32_t evodb_schema_id(const evodb_schema *schema) {
  return schema == nullptr ? -1 : schema->columns->schema_id();
}

evodb_status evodb_schema_find(const evodb_schema *schema, const char *name, int64_t name_length, int32_t *out_field_id,
                               const char **out_type, int64_t *out_type_length, evodb_bool *out_required,
                               evodb_error **error) {
  return guarded(error, [&] {
    require(schema, "schema");
    const std::string_view column = text_in(name, name_length, "name");
    const field *found = schema->columns->find(column);
    if (found == nullptr) fail(status::NOT_FOUND, fmt::format("no such column: {}", column), std::string(column));
    if (out_field_id != nullptr) *out_field_id = found->id;
    if (out_required != nullptr) *out_required = found->required ? 1 : 0;
    auto *mutable_schema = const_cast<evodb_schema *>(schema);  // the text must live as long as the handle
    const std::lock_guard<std::mutex> held(mutable_schema->state);
    std::string &text = mutable_schema->type_texts[found->id];
    if (text.empty()) text = found->type.to_text();
    text_out(text, out_type, out_type_length);
  });
}

evodb_status evodb_schema_builder_new(evodb_schema_builder **out_builder, evodb_error **error) {
  return guarded(error, [&] {
    require(out_builder, "out_builder");
    *out_builder = new evodb_schema_builder;
  });
}

void evodb_schema_builder_free(evodb_schema_builder *builder) {
  delete builder;
}

evodb_status evodb_schema_builder_add(evodb_schema_builder *builder, const char *name, int64_t name_length,
                                      const char *type, int64_t type_length, evodb_bool required, const char *doc,
                                      int64_t doc_length, evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    field added;
    added.name = text_in(name, name_length, "name");
    if (added.name.empty()) fail(status::INVALID_ARGUMENT, "a column's name is empty");
    if (builder->names.contains(added.name))
      fail(status::ALREADY_EXISTS, fmt::format("there is already a column {}", added.name), added.name);
    added.type = evodb::type::parse(text_in(type, type_length, "type"));
    added.required = required != 0;
    const std::string_view documentation = text_in(doc, doc_length, "doc");
    if (!documentation.empty()) added.doc = documentation;
    builder->names.insert(added.name);
    builder->fields.push_back(std::move(added));
  });
}

evodb_status evodb_schema_builder_finish(const evodb_schema_builder *builder, evodb_schema **out_schema,
                                         evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    require(out_schema, "out_schema");
    std::int32_t next_id = 1;
    *out_schema =
        new_schema_handle(std::make_shared<const schema>(0, assign_fresh_ids(builder->fields, next_id)), false);
  });
}

evodb_future *evodb_schema_inspect(evodb_storage *storage, const char *path, int64_t path_length,
                                   const evodb_options *options) {
  return start(runtime_of(storage), [&] {
    require(storage, "storage");
    const std::string file(text_in(path, path_length, "path"));
    option_reader reader(options);
    const bool is_taken = reader.boolean("inspect.partition-values-from-path").value_or(false);
    reader.finish();
    return [where = storage->tables->storage(), file, is_taken] {
      const path_values from_path = is_taken ? path_values::take : path_values::refuse;
      return inspect_schema(where, file, from_path);
    };
  });
}

evodb_status evodb_future_take_schema(evodb_future *future, int64_t timeout_ms, evodb_schema **out_schema,
                                      evodb_error **error) {
  return guarded(error, [&] {
    require(out_schema, "out_schema");
    *out_schema = new_schema_handle(*take<std::shared_ptr<const schema>>(future, timeout_ms));
  });
}
