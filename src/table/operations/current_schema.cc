#include "table/operations/current_schema.h"

#include <string>
#include <utility>

#include "codec/name_mapping_json.h"
#include "model/name_mapping.h"

namespace evodb {

void make_current(const table_metadata &base, const schema &added, std::vector<table_update> &updates) {
  if (added.schema_id() != base.current_schema_id) updates.push_back(update::set_current_schema{added.schema_id()});
  const std::string *mapping = base.property(name_mapping_property);
  if (mapping == nullptr) return;
  const name_mapping known = read_name_mapping_text(*mapping, name_mapping_property);
  const std::string changed = write_name_mapping_text(update_name_mapping(known, added));
  if (changed != *mapping) updates.push_back(update::set_properties{{{name_mapping_property, changed}}});
}

}  // namespace evodb
