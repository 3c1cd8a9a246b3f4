#include "table/operations/evolution_base.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/error.h"

namespace evodb {
namespace {

std::int32_t last_schema_id(const table_metadata &of) noexcept {
  std::int32_t last = -1;
  for (const auto &known : of.schemas) last = std::max(last, known->schema_id());
  return last;
}

}  // namespace

evolution_base::evolution_base(const table_metadata &made_on)
    : schema_id_(made_on.current_schema_id),
      last_schema_id_(last_schema_id(made_on)),
      last_column_id_(made_on.last_column_id),
      spec_id_(made_on.default_spec_id),
      last_partition_id_(made_on.last_partition_id),
      sort_order_id_(made_on.default_sort_order_id) {}

bool evolution_base::has_same_schema(const table_metadata &base) const noexcept {
  return base.current_schema_id == schema_id_ && base.last_column_id == last_column_id_;
}

void evolution_base::check(const table_metadata &base, std::string_view change) const {
  const auto overtaken = [&](const std::string &was, const std::string &is) {
    fail(status::CONFLICT,
         fmt::format("the {} was made on {}, and another change has led to {} since", change, was, is), base.location);
  };
  const auto schema_text = [](std::int32_t id, std::int32_t last_column_id) {
    return fmt::format("schema {} with column ids up to {}", id, last_column_id);
  };
  const auto spec_text = [](std::int32_t id, std::int32_t last_partition_id) {
    return fmt::format("partition spec {} with field ids up to {}", id, last_partition_id);
  };
  if (!has_same_schema(base)) {
    overtaken(schema_text(schema_id_, last_column_id_), schema_text(base.current_schema_id, base.last_column_id));
  }
  if (last_schema_id(base) != last_schema_id_) {
    overtaken(fmt::format("schemas up to {}", last_schema_id_), fmt::format("schemas up to {}", last_schema_id(base)));
  }
  if (base.default_spec_id != spec_id_ || base.last_partition_id != last_partition_id_) {
    overtaken(spec_text(spec_id_, last_partition_id_), spec_text(base.default_spec_id, base.last_partition_id));
  }
  if (base.default_sort_order_id != sort_order_id_) {
    overtaken(fmt::format("sort order {}", sort_order_id_), fmt::format("sort order {}", base.default_sort_order_id));
  }
}

}  // namespace evodb
