#include "codec/schema_json.h"
#include "finding.h"
#include "model/name_mapping.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const auto made = fuzz::attempt([&] {
    schema_fields read = read_schema_fields_text(fuzz::text_of(data, size), "fuzz");
    return schema(read.schema_id, keep_or_assign_ids(std::move(read.fields)), std::move(read.identifier_field_ids));
  });
  if (!made) return 0;
  const std::string written = write_schema_text(*made);
  const json_document document(written, "written");
  const schema again = read_schema(document.root());
  fuzz::require(again.same_fields(*made) && again.schema_id() == made->schema_id(), "what is written is read back");
  made->for_each([&](const field &f, const std::string &name) {
    fuzz::require(made->full_name(f.id) == name, "a field's id gives its name");
    const std::string text = f.type.to_text();
    const auto parsed = fuzz::attempt([&] { return type::parse(text); });
    if (parsed) fuzz::require(parsed->to_text() == text, "a type's text reads back");
  });
  update_name_mapping(create_name_mapping(*made), again);
  return 0;
}
