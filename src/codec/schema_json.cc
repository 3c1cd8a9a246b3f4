#include "codec/schema_json.h"

#include <fmt/format.h>

#include "codec/single_value_json.h"

namespace evodb {
namespace {

enum class ids { required, optional };

std::int32_t read_id(const json_node &from, std::string_view key, ids wanted) {
  if (wanted == ids::required) return from.member(key).int32();
  const std::optional<json_node> found = from.find(key);
  return found ? found->int32() : 0;
}

type read_type(const json_node &from, ids wanted);

field read_child(const json_node &from, const char *name, const char *id_key, std::optional<const char *> required_key,
                 const char *type_key, ids wanted) {
  field child;
  child.id = read_id(from, id_key, wanted);
  child.name = name;
  child.required = !required_key || from.member(*required_key).boolean();
  child.type = read_type(from.member(type_key), wanted);
  return child;
}

std::vector<field> read_fields(const json_node &from, ids wanted) {
  const json_node list = from.member("fields");
  std::vector<field> fields;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json_node node = list[i];
    field one;
    one.id = read_id(node, "id", wanted);
    one.name = node.member("name").text();
    one.required = node.member("required").boolean();
    one.type = read_type(node.member("type"), wanted);
    if (const auto doc = node.find("doc")) one.doc = doc->text();
    if (const auto initial = node.find("initial-default")) one.initial_default = read_single_value(*initial, one.type);
    if (const auto written = node.find("write-default")) one.write_default = read_single_value(*written, one.type);
    fields.push_back(std::move(one));
  }
  return fields;
}

type read_type(const json_node &from, ids wanted) {
  if (from.is_text()) {
    const std::string_view text = from.text();
    type named = from.checked([&] { return type::parse(text); });
    if (named.is_nested()) from.refuse("a nested type is written as an object");
    return named;
  }
  const std::string_view kind = from.member("type").text();
  if (kind == "struct") {
    std::vector<field> fields = read_fields(from, wanted);
    return from.checked([&] { return type::structure(std::move(fields)); });
  }
  if (kind == "list") {
    field element = read_child(from, "element", "element-id", "element-required", "element", wanted);
    return from.checked([&] { return type::list(std::move(element)); });
  }
  if (kind == "map") {
    field key = read_child(from, "key", "key-id", std::nullopt, "key", wanted);
    field mapped = read_child(from, "value", "value-id", "value-required", "value", wanted);
    return from.checked([&] { return type::map(std::move(key), std::move(mapped)); });
  }
  from.refuse(fmt::format("unknown type {}", kind));
}

schema_fields read_schema_fields(const json_node &from, ids wanted) {
  if (from.member("type").text() != "struct") from.refuse("a schema's type is struct");
  schema_fields read;
  if (const auto id = from.find("schema-id")) read.schema_id = id->int32();
  read.fields = read_fields(from, wanted);
  if (const auto list = from.find("identifier-field-ids")) {
    for (std::size_t i = 0; i < list->size(); ++i) read.identifier_field_ids.push_back((*list)[i].int32());
  }
  return read;
}

void write_type(json_writer &to, const type &t);

void write_fields(json_writer &to, const std::vector<field> &fields) {
  to.key("fields");
  to.begin_array();
  for (const field &f : fields) {
    to.begin_object();
    to.key("id");
    to.integer(f.id);
    to.key("name");
    to.text(f.name);
    to.key("required");
    to.boolean(f.required);
    to.key("type");
    write_type(to, f.type);
    if (f.doc) {
      to.key("doc");
      to.text(*f.doc);
    }
    if (f.initial_default) {
      to.key("initial-default");
      write_single_value(to, f.type, *f.initial_default);
    }
    if (f.write_default) {
      to.key("write-default");
      write_single_value(to, f.type, *f.write_default);
    }
    to.end_object();
  }
  to.end_array();
}

void write_child(json_writer &to, const field &child, const char *id_key, std::optional<const char *> required_key,
                 const char *type_key) {
  to.key(id_key);
  to.integer(child.id);
  to.key(type_key);
  write_type(to, child.type);
  if (!required_key) return;
  to.key(*required_key);
  to.boolean(child.required);
}

void write_type(json_writer &to, const type &t) {
  if (!t.is_nested()) return to.text(t.to_text());
  to.begin_object();
  to.key("type");
  switch (t.kind()) {
    case type_kind::list:
      to.text("list");
      write_child(to, t.element(), "element-id", "element-required", "element");
      break;
    case type_kind::map:
      to.text("map");
      write_child(to, t.key(), "key-id", std::nullopt, "key");
      write_child(to, t.value(), "value-id", "value-required", "value");
      break;
    default:
      to.text("struct");
      write_fields(to, t.fields());
  }
  to.end_object();
}

}  // namespace

schema read_schema(const json_node &from) {
  schema_fields read = read_schema_fields(from, ids::required);
  return from.checked(
      [&] { return schema(read.schema_id, std::move(read.fields), std::move(read.identifier_field_ids)); });
}

schema_fields read_schema_fields_text(std::string_view json, std::string_view subject) {
  const json_document document(json, subject, status::INVALID_ARGUMENT);
  return read_schema_fields(document.root(), ids::optional);
}

void write_schema(json_writer &to, const schema &s) {
  to.begin_object();
  to.key("type");
  to.text("struct");
  to.key("schema-id");
  to.integer(s.schema_id());
  if (!s.identifier_field_ids().empty()) {
    to.key("identifier-field-ids");
    to.begin_array();
    for (const std::int32_t id : s.identifier_field_ids()) to.integer(id);
    to.end_array();
  }
  write_fields(to, s.fields());
  to.end_object();
}

std::string write_schema_text(const schema &s) {
  std::string text;
  json_writer to(text);
  write_schema(to, s);
  return text;
}

}  // namespace evodb
