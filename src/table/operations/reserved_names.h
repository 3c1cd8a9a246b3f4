#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "model/name_mapping.h"
#include "model/table_metadata.h"

namespace evodb {

/// Names that the table's columns may not get, because something else has them: partition fields of any spec, since files
/// of old specs stay; and what the name mapping says files without field ids may call another column.
class reserved_names {
 public:
  explicit reserved_names(const table_metadata &metadata);

  /// Why the field may not get the name, in one sentence; null if it may. `parent_id`, `own_id`: schema::no_parent at the
  /// top, and for a new field.
  std::optional<std::string> why_not(const std::string &full_name, const std::string &name, std::int32_t parent_id,
                                     std::int32_t own_id) const;

 private:
  struct mapped_name {
    std::string name;
    std::int32_t field_id;
  };
  struct partition_name {
    std::int32_t spec_id;
    partition_field field;
  };
  void add(const name_mapping &mapping, std::int32_t parent_id);
  const std::string *find_of_another(std::int32_t parent_id, const std::string &name, std::int32_t own_id) const;

  std::multimap<std::string, partition_name> partitions_;
  /// Under which names files without field ids may hold a field: by parent, and the name without case, as readers compare
  /// that ignore it. A field that was dropped or renamed is among them.
  std::multimap<std::pair<std::int32_t, std::string>, mapped_name> mapped_;
};

}  // namespace evodb
