#include "rows.h"

#include <fmt/format.h>

#include "output.h"
#include "timestamp_argument.h"

namespace json = boost::json;

namespace tool {
namespace {

json::value text_or_null(std::string text) {
  return text.empty() ? json::value() : json::value(std::move(text));
}

std::string plain_text(const json::value &value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

/// The text form has the line before the row.
void print_committed(json::object &row) {
  const json::value *committed = row.if_contains("committed");
  if (committed == nullptr) return;
  tool::print_committed(committed->as_bool());
  row.stable_erase("committed");
}

void add_fields(text_table &table, const json::array &fields, const std::string &prefix);

struct field_row {
  std::int64_t id;
  std::string name;
  bool required;
  std::string doc;
};

/// A row for the field, and one for each field within its type.
void add_field(text_table &table, const field_row &field, const json::value &type) {
  const json::object *nested = type.if_object();
  const std::string kind(nested == nullptr ? type.as_string() : nested->at("type").as_string());
  table.add({std::to_string(field.id), field.name, kind, field.required ? "required" : "", field.doc});
  if (nested == nullptr) return;
  auto add_part = [&](const std::string &part, bool required) {
    add_field(table, {nested->at(part + "-id").as_int64(), field.name + "." + part, required, ""}, nested->at(part));
  };
  if (kind == "list") add_part("element", nested->at("element-required").as_bool());
  if (kind == "map") {
    add_part("key", true);
    add_part("value", nested->at("value-required").as_bool());
  }
  if (kind == "struct") add_fields(table, nested->at("fields").as_array(), field.name + ".");
}

void add_fields(text_table &table, const json::array &fields, const std::string &prefix) {
  for (const json::value &value : fields) {
    const json::object &field = value.as_object();
    const json::value *doc = field.if_contains("doc");
    const field_row row{field.at("id").as_int64(), prefix + std::string(field.at("name").as_string()),
                        field.at("required").as_bool(), doc == nullptr ? "" : plain_text(*doc)};
    add_field(table, row, field.at("type"));
  }
}

/// The columns of history_row, all null.
json::object empty_history_row() {
  json::object row;
  for (const char *key : {"snapshot_id", "parent_snapshot_id", "sequence_number", "timestamp_ms", "operation",
                          "schema_id", "manifest_list", "summary", "is_current_ancestor"})
    row[key] = nullptr;
  return row;
}

}  // namespace

void print_committed(bool committed) {
  print_line(committed ? "committed" : "already committed, nothing to do");
}

json::value number_or_null(std::int64_t number) {
  return number < 0 ? json::value() : json::value(number);
}

json::object history_row(const table_handle &table, const snapshot_handle &snapshot) {
  const evodb_snapshot *at = snapshot.get();
  json::object summary;
  for (std::int64_t i = 0; i < evodb_snapshot_summary_count(at); ++i) {
    const char *key = nullptr, *value = nullptr;
    std::int64_t key_length = 0, value_length = 0;
    check([&](auto **error) {
      return evodb_snapshot_summary_at(at, i, &key, &key_length, &value, &value_length, error);
    });
    summary[std::string_view(key, static_cast<std::size_t>(key_length))] =
        std::string_view(value, static_cast<std::size_t>(value_length));
  }
  json::object row;
  row["snapshot_id"] = evodb_snapshot_id(at);
  row["parent_snapshot_id"] = number_or_null(evodb_snapshot_parent_id(at));
  row["sequence_number"] = evodb_snapshot_sequence_number(at);
  row["timestamp_ms"] = evodb_snapshot_timestamp_ms(at);
  row["operation"] = text_or_null(text_of(evodb_snapshot_operation, at));
  row["schema_id"] = number_or_null(evodb_snapshot_schema_id(at));
  row["manifest_list"] = text_or_null(text_of(evodb_snapshot_manifest_list, at));
  row["summary"] = std::move(summary);
  row["is_current_ancestor"] = evodb_table_is_current_ancestor(table.get(), evodb_snapshot_id(at)) != 0;
  return row;
}

json::object show_row(const table_handle &table, const point_in_time &at) {
  const char *text = nullptr;
  std::int64_t length = 0;
  check([&](auto **error) { return evodb_table_metadata_json(table.get(), &text, &length, error); });
  const json::value parsed = json::parse(std::string_view(text, static_cast<std::size_t>(length)));
  const json::object &metadata = parsed.as_object();
  auto from = [&](const char *key) {
    const json::value *value = metadata.if_contains(key);
    return value == nullptr ? json::value() : *value;
  };
  json::object row;
  row["version"] = number_or_null(evodb_table_version(table.get()));
  row["metadata_location"] = text_or_null(text_of(evodb_table_metadata_location, table.get()));
  row["format_version"] = from("format-version");
  row["table_uuid"] = from("table-uuid");
  row["location"] = from("location");
  const snapshot_handle snapshot = snapshot_at(table, at);
  row["current_snapshot_id"] = snapshot ? json::value(evodb_snapshot_id(snapshot.get())) : json::value();
  row["current_schema_id"] = evodb_schema_id(schema_at(table, at).get());
  row["default_spec_id"] = from("default-spec-id");
  row["default_sort_order_id"] = from("default-sort-order-id");
  row["last_sequence_number"] = from("last-sequence-number");
  row["last_updated_ms"] = from("last-updated-ms");
  row["properties"] = metadata.contains("properties") ? from("properties") : json::object();
  row["refs"] = metadata.contains("refs") ? from("refs") : json::object();
  row["partition_specs"] = from("partition-specs");
  row["sort_orders"] = from("sort-orders");
  return row;
}

json::object schema_row(const schema_handle &schema) {
  return json::parse(text_of(evodb_schema_json, schema.get())).as_object();
}

json::object with_committed(const table_handle &committed, const json::object &row) {
  return with_committed(evodb_table_was_committed_before(committed.get()) == 0, row);
}

json::object with_committed(bool committed, const json::object &row) {
  json::object whole;
  whole["committed"] = committed;
  for (const auto &entry : row) whole[entry.key()] = entry.value();
  return whole;
}

void print_history(std::vector<json::object> rows, bool as_json) {
  if (as_json) {
    for (const json::object &row : rows) print_json(row);
    return;
  }
  text_table table({{"sequence", text_table::align::right},
                    {"snapshot", text_table::align::right},
                    {"time"},
                    {"operation"},
                    {"added files", text_table::align::right},
                    {"added rows", text_table::align::right},
                    {"total rows", text_table::align::right},
                    {"note"}});
  for (json::object &row : rows) {
    print_committed(row);
    if (row.at("snapshot_id").is_null()) continue;
    const json::object &summary = row.at("summary").as_object();
    auto counted = [&](const char *key) {
      const json::value *value = summary.if_contains(key);
      return value == nullptr ? std::string() : count_text(std::atoll(value->as_string().c_str()));
    };
    table.add({std::to_string(row.at("sequence_number").as_int64()), std::to_string(row.at("snapshot_id").as_int64()),
               timestamp_text(row.at("timestamp_ms").as_int64()),
               row.at("operation").is_null() ? "" : plain_text(row.at("operation")), counted("added-data-files"),
               counted("added-records"), counted("total-records"),
               row.at("is_current_ancestor").as_bool() ? "" : "not an ancestor of the current snapshot"});
  }
  if (rows.empty() || !table.empty()) table.print();
}

void print_as_committed_before(const session &library, const table_handle &table, bool as_json) {
  const std::string key = "evodb.app." + library.key()->application;
  const std::string sequence = std::to_string(library.key()->sequence);
  json::object found = empty_history_row();
  for (std::int64_t i = evodb_table_snapshot_count(table.get()); i-- > 0;) {
    const auto snapshot = make<snapshot_handle>(
        [&](auto **out, auto **error) { return evodb_table_snapshot_at(table.get(), i, out, error); });
    json::object row = history_row(table, snapshot);
    const json::value *carried = row.at("summary").as_object().if_contains(key);
    if (carried == nullptr || carried->as_string() != sequence) continue;
    found = std::move(row);
    break;
  }
  print_history({with_committed(false, found)}, as_json);
}

void print_committed_snapshot(const table_handle &committed, std::int64_t snapshot_id, bool as_json) {
  const auto made = make<snapshot_handle>(
      [&](auto **out, auto **error) { return evodb_table_snapshot_by_id(committed.get(), snapshot_id, out, error); });
  print_history({with_committed(committed, history_row(committed, made))}, as_json);
}

std::int64_t last_snapshot_id(const table_handle &of) {
  const std::int64_t last = evodb_table_snapshot_count(of.get()) - 1;
  const auto snapshot = make<snapshot_handle>(
      [&](auto **out, auto **error) { return evodb_table_snapshot_at(of.get(), last, out, error); });
  return evodb_snapshot_id(snapshot.get());
}

void print_show(json::object row, bool as_json) {
  if (as_json) return print_json(row);
  print_committed(row);
  auto print_pair = [](std::string_view key, const std::string &text) {
    print_line(fmt::format("{:<22} {}", key, text));
  };
  for (const auto &entry : row) {
    if (entry.key() == "properties") continue;
    print_pair(entry.key(),
               entry.key() == "last_updated_ms" ? timestamp_text(entry.value().as_int64()) : plain_text(entry.value()));
  }
  for (const auto &property : row.at("properties").as_object())
    print_pair("property", fmt::format("{} = {}", std::string_view(property.key()), plain_text(property.value())));
}

void print_schema(json::object row, bool as_json) {
  if (as_json) return print_json(row);
  print_committed(row);
  text_table table({{"id", text_table::align::right}, {"column"}, {"type"}, {"required"}, {"doc"}});
  add_fields(table, row.at("fields").as_array(), "");
  table.print();
}

}  // namespace tool
