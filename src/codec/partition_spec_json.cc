#include "codec/partition_spec_json.h"

#include <fmt/format.h>

namespace evodb {
namespace {

/// "source-id", or "source-ids" of version 3's transforms of several columns.
std::vector<std::int32_t> read_source_ids(const json_node &from) {
  std::vector<std::int32_t> ids;
  if (const auto several = from.find("source-ids")) {
    for (std::size_t i = 0; i < several->size(); ++i) ids.push_back((*several)[i].int32());
    if (ids.empty()) several->refuse("a transform needs a source");
  } else {
    ids.push_back(from.member("source-id").int32());
  }
  return ids;
}

void write_source_ids(json_writer &to, const std::vector<std::int32_t> &ids) {
  if (ids.size() == 1) {
    to.key("source-id");
    to.integer(ids.front());
    return;
  }
  to.key("source-ids");
  to.begin_array();
  for (const std::int32_t id : ids) to.integer(id);
  to.end_array();
}

transform read_transform(const json_node &from) {
  const std::string_view text = from.text();
  return from.checked([&] { return transform::parse(text); });
}

bool read_choice(const json_node &from, std::string_view no, std::string_view yes) {
  const std::string_view text = from.text();
  if (text != no && text != yes) from.refuse(fmt::format("expected {} or {}", no, yes));
  return text == yes;
}

}  // namespace

std::vector<partition_field> read_partition_fields(const json_node &list) {
  std::vector<partition_field> fields;
  std::size_t ids = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json_node node = list[i];
    partition_field one;
    one.source_ids = read_source_ids(node);
    const auto id = node.find("field-id");
    one.field_id = id ? id->int32() : partition_spec::first_field_id + static_cast<std::int32_t>(i);
    ids += id.has_value();
    one.name = node.member("name").text();
    one.transform = read_transform(node.member("transform"));
    fields.push_back(std::move(one));
  }
  if (ids != 0 && ids != fields.size()) list.refuse("some fields have a field-id and others none");
  return fields;
}

partition_spec read_partition_spec(const json_node &from) {
  partition_spec spec;
  spec.spec_id = from.member("spec-id").int32();
  spec.fields = read_partition_fields(from.member("fields"));
  return spec;
}

void write_partition_fields(json_writer &to, const partition_spec &spec) {
  to.begin_array();
  for (const partition_field &field : spec.fields) {
    to.begin_object();
    to.key("name");
    to.text(field.name);
    to.key("transform");
    to.text(field.transform.to_text());
    write_source_ids(to, field.source_ids);
    to.key("field-id");
    to.integer(field.field_id);
    to.end_object();
  }
  to.end_array();
}

std::string write_partition_fields_text(const partition_spec &spec) {
  std::string text;
  json_writer to(text);
  write_partition_fields(to, spec);
  return text;
}

void write_partition_spec(json_writer &to, const partition_spec &spec) {
  to.begin_object();
  to.key("spec-id");
  to.integer(spec.spec_id);
  to.key("fields");
  write_partition_fields(to, spec);
  to.end_object();
}

std::string write_partition_spec_text(const partition_spec &spec) {
  std::string text;
  json_writer to(text);
  write_partition_spec(to, spec);
  return text;
}

sort_order read_sort_order(const json_node &from) {
  sort_order order;
  order.order_id = from.member("order-id").int32();
  const json_node list = from.member("fields");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json_node node = list[i];
    sort_field one;
    one.transform = read_transform(node.member("transform"));
    one.source_ids = read_source_ids(node);
    one.descending = read_choice(node.member("direction"), "asc", "desc");
    one.nulls_last = read_choice(node.member("null-order"), "nulls-first", "nulls-last");
    order.fields.push_back(std::move(one));
  }
  return order;
}

void write_sort_order(json_writer &to, const sort_order &order) {
  to.begin_object();
  to.key("order-id");
  to.integer(order.order_id);
  to.key("fields");
  to.begin_array();
  for (const sort_field &field : order.fields) {
    to.begin_object();
    to.key("transform");
    to.text(field.transform.to_text());
    write_source_ids(to, field.source_ids);
    to.key("direction");
    to.text(field.descending ? "desc" : "asc");
    to.key("null-order");
    to.text(field.nulls_last ? "nulls-last" : "nulls-first");
    to.end_object();
  }
  to.end_array();
  to.end_object();
}

}  // namespace evodb
