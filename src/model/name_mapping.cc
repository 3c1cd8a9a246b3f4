#include "model/name_mapping.h"

#include <algorithm>

namespace evodb {
namespace {

std::vector<mapped_field> mapping_of(const std::vector<field> &fields) {
  std::vector<mapped_field> mapped;
  mapped.reserve(fields.size());
  for (const field &f : fields) mapped.push_back({{f.name}, f.id, mapping_of(f.type.fields())});
  return mapped;
}

bool has_name(const mapped_field &m, const std::string &name) {
  return std::find(m.names.begin(), m.names.end(), name) != m.names.end();
}

/// Fields that the schema dropped stay mapped, so that old files still tell them from new fields; only names that a
/// present field bears are taken from them.
std::vector<mapped_field> update(std::vector<mapped_field> mapping, const std::vector<field> &fields) {
  for (const field &f : fields) {
    for (mapped_field &m : mapping) {
      if (m.field_id != f.id) std::erase(m.names, f.name);
    }
    const auto known =
        std::find_if(mapping.begin(), mapping.end(), [&](const mapped_field &m) { return m.field_id == f.id; });
    if (known == mapping.end()) {
      mapping.push_back({{f.name}, f.id, mapping_of(f.type.fields())});
      continue;
    }
    if (!has_name(*known, f.name)) known->names.push_back(f.name);
    known->fields = update(std::move(known->fields), f.type.fields());
  }
  return mapping;
}

}  // namespace

name_mapping create_name_mapping(const schema &s) {
  return mapping_of(s.fields());
}

name_mapping update_name_mapping(const name_mapping &mapping, const schema &changed) {
  return update(mapping, changed.fields());
}

}  // namespace evodb
