#include "table/operations/evolve_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "table/operations/current_schema.h"
#include "table/operations/evolution_base.h"
#include "table/operations/schema_comparison.h"

namespace evodb {
namespace {

/// Such as "added note, renamed id".
std::string summary_of_differences(const schema &before, const schema &after, int format_version) {
  constexpr std::size_t most_named = 5;
  std::string summary;
  const std::vector<schema_difference> differences = compare(before, after, format_version);
  for (std::size_t i = 0; i < differences.size(); ++i) {
    if (i == most_named) return summary + fmt::format(" and {} more", differences.size() - i);
    summary += fmt::format("{}{} {}", i == 0 ? "" : ", ", differences[i].kind, differences[i].column);
  }
  return summary.empty() ? "nothing in its columns" : summary;
}

/// Of columns that leave though a partition field of an earlier spec is made from them.
std::vector<error> warnings_of(const table_metadata &before, const schema &after) {
  std::vector<error> all;
  for (const partition_spec &spec : before.partition_specs) {
    for (const partition_field &f : spec.fields) {
      const std::string column = before.current_schema()->full_name(f.source_id());
      if (f.transform.kind == transform::kind::void_ || column.empty() || after.find(f.source_id())) continue;
      all.emplace_back(
          status::UNSUPPORTED,
          fmt::format("the partition field {} of spec {} is made from the dropped column {}: Iceberg's own "
                      "readers pass over that, DuckDB no longer reads the table",
                      f.name, spec.spec_id, column),
          column);
    }
  }
  return all;
}

class evolve_schema_operation : public table_operation {
 public:
  evolve_schema_operation(schema_changes steps, const table_metadata &made_on)
      : steps_(std::move(steps)), made_on_(made_on), warnings_(warnings_of(made_on, evolve(made_on, steps_).changed)) {}

  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &) const override {
    if (!made_on_.has_same_schema(base)) fail_as_overtaken(base);
    made_on_.check(base, "schema change");
    std::vector<table_update> updates;
    evolved_schema evolved = evolve(base, steps_);
    const auto same = std::find_if(base.schemas.begin(), base.schemas.end(),
                                   [&](const auto &known) { return known->same_fields(evolved.changed); });
    if (same != base.schemas.end()) {
      make_current(base, **same, updates);
    } else {
      updates.push_back(update::add_schema{std::make_shared<const schema>(evolved.changed)});
      make_current(base, evolved.changed, updates);
    }
    return updates;
  }

  std::vector<error> warnings() const override { return warnings_; }

 private:
  /// Says what both of two schema changes did that were made on the same schema.
  [[noreturn]] void fail_as_overtaken(const table_metadata &base) const {
    std::string mine, theirs;
    if (const auto before = base.find_schema(made_on_.schema_id())) {
      table_metadata then = base;
      then.current_schema_id = made_on_.schema_id();
      then.last_column_id = made_on_.last_column_id();
      const schema changed = evolve(then, steps_).changed;
      mine = fmt::format(" ({})", summary_of_differences(*before, changed, base.format_version));
      theirs = fmt::format(" ({})", summary_of_differences(*before, *base.current_schema(), base.format_version));
    }
    fail(status::CONFLICT,
         fmt::format("the schema change{} was made on schema {} with column ids up to {}, and another one{} has led to "
                     "schema {} with column ids up to {} since",
                     mine, made_on_.schema_id(), made_on_.last_column_id(), theirs, base.current_schema_id,
                     base.last_column_id),
         base.location);
  }

  const schema_changes steps_;
  const evolution_base made_on_;
  const std::vector<error> warnings_;
};

}  // namespace

table evolve_schema(const table &of, schema_changes steps) {
  return of.with(std::make_shared<evolve_schema_operation>(std::move(steps), *of.metadata()));
}

}  // namespace evodb
