#include "capi/schema_changes.h"

#include <fmt/format.h>

#include "capi/boundary.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

template <typename Make>
evodb_status add_step(evodb_schema_changes *changes, evodb_error **error, Make make) {
  return guarded(error, [&] {
    require(changes, "changes");
    changes->steps.push_back(make());
  });
}

}  // namespace

evodb_status evodb_schema_changes_new(evodb_schema_changes **out_changes, evodb_error **error) {
  return guarded(error, [&] {
    require(out_changes, "out_changes");
    *out_changes = new evodb_schema_changes;
  });
}

void evodb_schema_changes_free(evodb_schema_changes *changes) {
  delete changes;
}

evodb_status evodb_schema_changes_add(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                      const char *type, int64_t type_length, evodb_bool required, const char *doc,
                                      int64_t doc_length, const char *default_json, int64_t default_json_length,
                                      evodb_error **error) {
  return add_step(changes, error, [&] {
    schema_change::add step;
    step.name = nonempty_text_in(name, name_length, "name");
    step.type = evodb::type::parse(text_in(type, type_length, "type"));
    step.required = required != 0;
    const std::string_view documentation = text_in(doc, doc_length, "doc");
    if (!documentation.empty()) step.doc = documentation;
    const std::string_view default_value = text_in(default_json, default_json_length, "default_json");
    if (default_json != nullptr) step.default_json = default_value;
    return step;
  });
}

evodb_status evodb_schema_changes_drop(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                       evodb_error **error) {
  return add_step(changes, error, [&] { return schema_change::drop{nonempty_text_in(name, name_length, "name")}; });
}

evodb_status evodb_schema_changes_rename(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                         const char *new_name, int64_t new_name_length, evodb_error **error) {
  return add_step(changes, error, [&] {
    return schema_change::rename{nonempty_text_in(name, name_length, "name"),
                                 nonempty_text_in(new_name, new_name_length, "new_name")};
  });
}

evodb_status evodb_schema_changes_widen(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                        const char *type, int64_t type_length, evodb_error **error) {
  return add_step(changes, error, [&] {
    return schema_change::widen{nonempty_text_in(name, name_length, "name"),
                                evodb::type::parse(text_in(type, type_length, "type"))};
  });
}

evodb_status evodb_schema_changes_make_optional(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                evodb_error **error) {
  return add_step(changes, error,
                  [&] { return schema_change::make_optional{nonempty_text_in(name, name_length, "name")}; });
}

evodb_status evodb_schema_changes_make_required(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                evodb_error **error) {
  return add_step(changes, error,
                  [&] { return schema_change::make_required{nonempty_text_in(name, name_length, "name")}; });
}

evodb_status evodb_schema_changes_set_doc(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                          const char *doc, int64_t doc_length, evodb_error **error) {
  return add_step(changes, error, [&] {
    return schema_change::set_doc{nonempty_text_in(name, name_length, "name"),
                                  std::string(text_in(doc, doc_length, "doc"))};
  });
}

evodb_status evodb_schema_changes_move(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                       int32_t where, const char *reference, int64_t reference_length,
                                       evodb_error **error) {
  return add_step(changes, error, [&] {
    schema_change::move step;
    step.name = nonempty_text_in(name, name_length, "name");
    if (where < EVODB_MOVE_FIRST || where > EVODB_MOVE_AFTER)
      fail(status::INVALID_ARGUMENT, fmt::format("where: no such place: {}", where));
    step.where = static_cast<schema_change::move::place>(where);
    text_in(reference, reference_length, "reference");  // checked even where it is not used
    if (where != EVODB_MOVE_FIRST) step.reference = nonempty_text_in(reference, reference_length, "reference");
    return step;
  });
}

evodb_status evodb_schema_changes_set_write_default(evodb_schema_changes *changes, const char *name,
                                                    int64_t name_length, const char *default_json,
                                                    int64_t default_json_length, evodb_error **error) {
  return add_step(changes, error, [&] {
    schema_change::set_write_default step{nonempty_text_in(name, name_length, "name"), std::nullopt};
    const std::string_view json = text_in(default_json, default_json_length, "default_json");
    if (default_json != nullptr) step.json = json;
    return step;
  });
}

evodb_status evodb_schema_changes_set_identifier_fields(evodb_schema_changes *changes, const char *const *names,
                                                        const int64_t *name_lengths, int64_t name_count,
                                                        evodb_error **error) {
  return add_step(changes, error, [&] {
    return schema_change::set_identifier_fields{texts_in(names, name_lengths, name_count, "names")};
  });
}

evodb_status evodb_schema_changes_allow_breaking(evodb_schema_changes *changes, const char *name, int64_t name_length,
                                                 evodb_error **error) {
  return add_step(changes, error,
                  [&] { return schema_change::allow_breaking{nonempty_text_in(name, name_length, "name")}; });
}
