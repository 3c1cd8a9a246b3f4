#include "model/name_mapping.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace evodb {
namespace {

std::vector<mapped_field> mapping_of(const std::vector<field> &fields) {
  std::vector<mapped_field> mapped;
  mapped.reserve(fields.size());
  for (const field &f : fields) mapped.push_back({{f.name}, f.id, mapping_of(f.type.fields())});
  return mapped;
}

/// Fields that the schema dropped stay mapped, so that old files still tell them from new fields; only names that a
/// present field bears are taken from them.
name_mapping update(name_mapping mapping, const std::vector<field> &fields) {
  std::unordered_map<std::string_view, std::int32_t> bearers;
  for (const field &f : fields) bearers.emplace(f.name, f.id);
  std::unordered_map<std::int32_t, std::size_t> places;
  for (std::size_t i = 0; i < mapping.size(); ++i) {
    mapped_field &m = mapping[i];
    std::erase_if(m.names, [&](const std::string &name) {
      const auto bearer = bearers.find(name);
      return bearer != bearers.end() && m.field_id != bearer->second;
    });
    if (m.field_id) places.emplace(*m.field_id, i);
  }
  for (const field &f : fields) {
    const auto place = places.find(f.id);
    if (place == places.end()) {
      mapping.push_back({{f.name}, f.id, mapping_of(f.type.fields())});
      continue;
    }
    mapped_field &known = mapping[place->second];
    if (std::find(known.names.begin(), known.names.end(), f.name) == known.names.end()) known.names.push_back(f.name);
    known.fields = update(std::move(known.fields), f.type.fields());
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
