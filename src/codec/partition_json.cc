#include "codec/partition_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "codec/json.h"
#include "codec/single_value_json.h"

namespace evodb {

std::string write_partition_json(const partition_spec &spec, const std::vector<type> &types,
                                 const partition_tuple &partition) {
  std::string text;
  json_writer to(text);
  to.begin_object();
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    if (!partition[i]) continue;
    to.key(spec.fields[i].name);
    write_single_value(to, types[i], *partition[i]);
  }
  to.end_object();
  return text;
}

std::vector<value> read_partition_json(const partition_spec &spec, const std::vector<type> &types,
                                       std::string_view json, std::string_view subject) {
  const json_document document(json.empty() ? "{}" : json, subject, status::INVALID_ARGUMENT);
  const json_node root = document.root();
  std::vector<value> values;
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    const std::optional<json_node> found = root.find_even_null(spec.fields[i].name);
    if (!found) root.refuse(fmt::format("lacks the partition field {}", spec.fields[i].name));
    values.push_back(read_single_value(*found, types[i]));
  }
  root.for_each_member([&](std::string_view key, const json_node &) {
    const auto is_named = [&](const partition_field &field) { return field.name == key; };
    if (std::none_of(spec.fields.begin(), spec.fields.end(), is_named)) {
      root.refuse(fmt::format("the table has no partition field {}", key));
    }
  });
  return values;
}

}  // namespace evodb
