#include "capi/partition_spec.h"

#include <fmt/format.h>

#include "capi/boundary.h"
#include "capi/schema.h"
#include "codec/partition_spec_json.h"
#include "parquet/path_columns.h"

using namespace evodb;
using namespace evodb::capi;

struct evodb_partition_spec_builder {
  std::shared_ptr<const schema> columns;
  partition_spec spec;
};

namespace evodb::capi {

evodb_partition_spec *new_partition_spec_handle(std::shared_ptr<const schema> columns, partition_spec spec) {
  auto handle = std::make_unique<evodb_partition_spec>();
  handle->json = write_partition_spec_text(spec);
  handle->columns = std::move(columns);
  handle->spec = std::move(spec);
  return handle.release();
}

}  // namespace evodb::capi

evodb_status evodb_partition_spec_parse(const evodb_schema *schema, const char *text, int64_t text_length,
                                        evodb_partition_spec **out_spec, evodb_error **error) {
  return guarded(error, [&] {
    require(schema, "schema");
    require(out_spec, "out_spec");
    partition_spec parsed = parse_partition_spec(text_in(text, text_length, "text"), *schema->columns);
    *out_spec = new_partition_spec_handle(schema->columns, std::move(parsed));
  });
}

evodb_status evodb_partition_spec_from_path(const evodb_schema *schema, const char *path, int64_t path_length,
                                            evodb_partition_spec **out_spec, evodb_error **error) {
  return guarded(error, [&] {
    require(schema, "schema");
    require(out_spec, "out_spec");
    partition_spec made = partition_of_path(*schema->columns, text_in(path, path_length, "path"));
    *out_spec = new_partition_spec_handle(schema->columns, std::move(made));
  });
}

void evodb_partition_spec_free(evodb_partition_spec *spec) {
  delete spec;
}

const char *evodb_partition_spec_json(const evodb_partition_spec *spec, int64_t *out_length) {
  return text_out(spec == nullptr ? std::string_view() : spec->json, out_length);
}

int32_t evodb_partition_spec_id(const evodb_partition_spec *spec) {
  return spec == nullptr ? -1 : spec->spec.spec_id;
}

evodb_status evodb_partition_spec_builder_new(const evodb_schema *schema, evodb_partition_spec_builder **out_builder,
                                              evodb_error **error) {
  return guarded(error, [&] {
    require(schema, "schema");
    require(out_builder, "out_builder");
    *out_builder = new evodb_partition_spec_builder{schema->columns, {}};
  });
}

void evodb_partition_spec_builder_free(evodb_partition_spec_builder *builder) {
  delete builder;
}

evodb_status evodb_partition_spec_builder_add(evodb_partition_spec_builder *builder, const char *column,
                                              int64_t column_length, const char *transform, int64_t transform_length,
                                              const char *name, int64_t name_length, evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    const std::string_view source_name = text_in(column, column_length, "column");
    const field *source = builder->columns->find(source_name);
    if (source == nullptr)
      fail(status::NOT_FOUND, fmt::format("no such column: {}", source_name), std::string(source_name));
    partition_field added;
    added.transform = evodb::transform::parse(text_in(transform, transform_length, "transform"));
    added.name = text_in(name, name_length, "name");
    if (added.name.empty()) added.name = default_partition_name(added.transform, source_name);
    added.source_ids = {source->id};
    added.field_id = partition_spec::first_field_id + static_cast<std::int32_t>(builder->spec.fields.size());
    partition_spec longer = builder->spec;
    longer.fields.push_back(std::move(added));
    check_partition_spec(longer, *builder->columns);
    builder->spec = std::move(longer);
  });
}

evodb_status evodb_partition_spec_builder_finish(const evodb_partition_spec_builder *builder,
                                                 evodb_partition_spec **out_spec, evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    require(out_spec, "out_spec");
    *out_spec = new_partition_spec_handle(builder->columns, builder->spec);
  });
}
