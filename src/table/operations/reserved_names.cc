#include "table/operations/reserved_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "codec/name_mapping_json.h"

namespace evodb {
namespace {

std::string without_case(std::string name) {
  for (char &c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

}  // namespace

reserved_names::reserved_names(const table_metadata &metadata) {
  for (const partition_spec &spec : metadata.partition_specs) {
    for (const partition_field &field : spec.fields)
      partitions_.emplace(field.name, partition_name{spec.spec_id, field});
  }
  if (const std::string *mapping = metadata.property(name_mapping_property))
    add(read_name_mapping_text(*mapping, name_mapping_property), schema::no_parent);
}

void reserved_names::add(const name_mapping &mapping, std::int32_t parent_id) {
  for (const mapped_field &mapped : mapping) {
    const std::int32_t id = mapped.field_id.value_or(schema::no_parent);
    for (const std::string &name : mapped.names)
      mapped_.emplace(std::pair(parent_id, without_case(name)), mapped_name{name, id});
    if (mapped.field_id) add(mapped.fields, id);
  }
}

/// The name as the mapping has it; null where it is of no other field.
const std::string *reserved_names::find_of_another(std::int32_t parent_id, const std::string &name,
                                                   std::int32_t own_id) const {
  const auto [first, last] = mapped_.equal_range(std::pair(parent_id, without_case(name)));
  const auto found = std::find_if(first, last, [&](const auto &mapped) { return mapped.second.field_id != own_id; });
  return found == last ? nullptr : &found->second.name;
}

std::optional<std::string> reserved_names::why_not(const std::string &full_name, const std::string &name,
                                                   std::int32_t parent_id, std::int32_t own_id) const {
  if (parent_id == schema::no_parent) {
    const auto [first, last] = partitions_.equal_range(full_name);
    for (auto at = first; at != last; ++at) {
      const auto &[spec_id, partition] = at->second;
      const bool is_own_identity = partition.transform.kind == transform::kind::identity &&
                                   own_id != schema::no_parent && partition.source_id() == own_id;
      if (!is_own_identity) return fmt::format("the name belongs to a partition field of spec {}", spec_id);
    }
  }
  const std::string *taken_by = find_of_another(parent_id, name, own_id);
  if (taken_by == nullptr) return std::nullopt;
  if (*taken_by == name) {
    return "files without field ids may hold another column under this name, or had one that was dropped or renamed: "
           "choose another name";
  }
  return fmt::format(
      "files without field ids may hold {}, which differs by case alone, so that some engines would read its values "
      "here: choose another name",
      *taken_by);
}

}  // namespace evodb
