#include "codec/name_mapping_json.h"

#include "codec/json.h"
#include "codec/json_writer.h"

namespace evodb {
namespace {

name_mapping read_mapping(const json_node &list) {
  name_mapping mapping;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json_node node = list[i];
    mapped_field one;
    if (const auto id = node.find("field-id")) one.field_id = id->int32();
    const json_node names = node.member("names");
    for (std::size_t n = 0; n < names.size(); ++n) one.names.emplace_back(names[n].text());
    if (const auto fields = node.find("fields")) one.fields = read_mapping(*fields);
    mapping.push_back(std::move(one));
  }
  return mapping;
}

void write_mapping(json_writer &to, const name_mapping &mapping) {
  to.begin_array();
  for (const mapped_field &one : mapping) {
    to.begin_object();
    if (one.field_id) {
      to.key("field-id");
      to.integer(*one.field_id);
    }
    to.key("names");
    to.begin_array();
    for (const std::string &name : one.names) to.text(name);
    to.end_array();
    if (!one.fields.empty()) {
      to.key("fields");
      write_mapping(to, one.fields);
    }
    to.end_object();
  }
  to.end_array();
}

}  // namespace

name_mapping read_name_mapping_text(std::string_view json, std::string_view subject) {
  const json_document document(json, subject);
  return read_mapping(document.root());
}

std::string write_name_mapping_text(const name_mapping &mapping) {
  std::string text;
  json_writer to(text);
  write_mapping(to, mapping);
  return text;
}

}  // namespace evodb
