#pragma once

#include <cstdint>
#include <string_view>

#include "model/table_metadata.h"

namespace evodb {

/// Which schema, partition spec and sort order a change of one of them was made on. Such a change is never done again
/// over a base where one of these has changed: its ids may be in files by then, and its names may mean something else.
class evolution_base {
 public:
  explicit evolution_base(const table_metadata &made_on);

  std::int32_t schema_id() const noexcept { return schema_id_; }
  std::int32_t last_column_id() const noexcept { return last_column_id_; }
  /// The same current one, and no new columns in another one.
  bool has_same_schema(const table_metadata &base) const noexcept;
  /// Throws CONFLICT saying what has changed. `change`: "schema change".
  void check(const table_metadata &base, std::string_view change) const;

 private:
  std::int32_t schema_id_, last_schema_id_, last_column_id_, spec_id_, last_partition_id_, sort_order_id_;
};

}  // namespace evodb
