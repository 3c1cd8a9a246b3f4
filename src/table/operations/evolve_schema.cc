#include "table/operations/evolve_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "codec/name_mapping_json.h"
#include "model/name_mapping.h"
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

class evolve_schema_operation : public table_operation {
 public:
  evolve_schema_operation(schema_changes steps, const table_metadata &made_on)
      : steps_(std::move(steps)),
        made_on_schema_id_(made_on.current_schema_id),
        made_on_last_column_id_(made_on.last_column_id) {}

  /// Never done again over a base where the schema has changed.
  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &) const override {
    if (base.current_schema_id != made_on_schema_id_ || base.last_column_id != made_on_last_column_id_) {
      fail_as_overtaken(base);
    }
    std::vector<table_update> updates;
    evolved_schema evolved = evolve(base, steps_);
    const auto same = std::find_if(base.schemas.begin(), base.schemas.end(),
                                   [&](const auto &known) { return known->same_fields(evolved.changed); });
    std::int32_t schema_id = evolved.changed.schema_id();
    if (same != base.schemas.end()) {
      schema_id = (*same)->schema_id();
    } else {
      updates.push_back(update::add_schema{std::make_shared<const schema>(evolved.changed.with_id(schema_id))});
    }
    if (schema_id != base.current_schema_id) updates.push_back(update::set_current_schema{schema_id});
    if (const std::string *mapping = base.property(name_mapping_property)) {
      const name_mapping known = read_name_mapping_text(*mapping, name_mapping_property);
      const std::string changed = write_name_mapping_text(update_name_mapping(known, evolved.changed));
      if (changed != *mapping) updates.push_back(update::set_properties{{{name_mapping_property, changed}}});
    }
    return updates;
  }

 private:
  /// Says what both of two schema changes did that were made on the same schema.
  [[noreturn]] void fail_as_overtaken(const table_metadata &base) const {
    std::string mine, theirs;
    if (const auto before = base.find_schema(made_on_schema_id_)) {
      table_metadata then = base;
      then.current_schema_id = made_on_schema_id_;
      then.last_column_id = made_on_last_column_id_;
      const schema changed = evolve(then, steps_).changed;
      mine = fmt::format(" ({})", summary_of_differences(*before, changed, base.format_version));
      theirs = fmt::format(" ({})", summary_of_differences(*before, *base.current_schema(), base.format_version));
    }
    fail(status::CONFLICT,
         fmt::format("the schema change{} was made on schema {} with column ids up to {}, and another one{} has led to "
                     "schema {} with column ids up to {} since",
                     mine, made_on_schema_id_, made_on_last_column_id_, theirs, base.current_schema_id,
                     base.last_column_id),
         base.location);
  }

  const schema_changes steps_;
  const std::int32_t made_on_schema_id_;
  const std::int32_t made_on_last_column_id_;
};

}  // namespace

table evolve_schema(const table &of, schema_changes steps) {
  return of.with(std::make_shared<evolve_schema_operation>(std::move(steps), *of.metadata()));
}

}  // namespace evodb
