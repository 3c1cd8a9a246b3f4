#include "table/operations/set_current_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "table/operations/current_schema.h"
#include "table/operations/date_promotion.h"
#include "table/operations/evolution_base.h"
#include "table/operations/reserved_names.h"
#include "table/operations/schema_comparison.h"

namespace evodb {
namespace {

[[noreturn]] void refuse_schema(const schema &chosen, const std::string &column, const std::string &reason) {
  fail(status::INCOMPATIBLE_SCHEMA,
       fmt::format("schema {} cannot become the current one: column {}: {}", chosen.schema_id(), column, reason),
       column);
}

void check_reads_what_is_written(const table_metadata &base, const schema &chosen) {
  for (const schema_difference &one :
       compare(*base.current_schema(), chosen, base.format_version, compatibility::backward)) {
    if (!one.is_compatible) refuse_schema(chosen, one.column, one.reason);
  }
}

void check_has_what_is_used(const table_metadata &base, const schema &chosen) {
  const schema &now = *base.current_schema();
  const auto check_source = [&](std::int32_t id, const transform &t, const std::string &user) {
    if (t.kind == transform::kind::void_ || t.kind == transform::kind::unknown || now.find(id) == nullptr) return;
    if (chosen.find(id) == nullptr) refuse_schema(chosen, now.full_name(id), user + " is made from it");
  };
  for (const partition_field &f : base.default_spec().fields)
    check_source(f.source_id(), f.transform, "the partition field " + f.name);
  for (const sort_order &order : base.sort_orders) {
    if (order.order_id != base.default_sort_order_id) continue;
    for (const sort_field &f : order.fields) check_source(f.source_ids.front(), f.transform, "the table's sort order");
  }
  for (const partition_spec &spec : base.partition_specs) {
    for (const partition_field &f : spec.fields) {
      const field *was = now.find(f.source_id()), *is = chosen.find(f.source_id());
      if (was == nullptr || is == nullptr || !was->type.is(type_kind::date) || is->type.is(type_kind::date)) continue;
      if (!is_same_of_midnight(f.transform)) {
        refuse_schema(chosen, chosen.full_name(is->id),
                      fmt::format("the partition field {} is made from it and would change", f.name));
      }
    }
  }
}

void check_names(const table_metadata &base, const schema &chosen) {
  const schema &now = *base.current_schema();
  const reserved_names reserved(base);
  chosen.for_each([&](const field &f, const std::string &name) {
    if (now.full_name(f.id) == name) return;
    if (const auto reason = reserved.why_not(name, f.name, chosen.parent_of(f.id), f.id))
      refuse_schema(chosen, name, *reason);
  });
}

class set_current_schema_operation : public table_operation {
 public:
  set_current_schema_operation(std::int32_t schema_id, const table_metadata &made_on)
      : schema_id_(schema_id), made_on_(made_on) {}

  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &) const override {
    made_on_.check(base, "choice of a schema");
    const std::shared_ptr<const schema> chosen = base.find_schema(schema_id_);
    if (!chosen) fail(status::NOT_FOUND, fmt::format("the table has no schema {}", schema_id_), base.location);
    check_reads_what_is_written(base, *chosen);
    check_has_what_is_used(base, *chosen);
    check_names(base, *chosen);
    std::vector<table_update> updates;
    make_current(base, *chosen, updates);
    return updates;
  }

 private:
  const std::int32_t schema_id_;
  const evolution_base made_on_;
};

}  // namespace

table set_current_schema(const table &of, std::int32_t schema_id) {
  return of.with(std::make_shared<set_current_schema_operation>(schema_id, *of.metadata()));
}

}  // namespace evodb
