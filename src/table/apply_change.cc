#include "table/apply_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "codec/name_mapping_json.h"
#include "model/name_mapping.h"
#include "table/operations/schema_comparison.h"
#include "table/snapshots/snapshot_producer.h"

namespace evodb {
namespace {

std::string text_of(std::optional<std::int64_t> snapshot_id) {
  return snapshot_id ? std::to_string(*snapshot_id) : "none";
}

update::set_snapshot_ref move_main(const table_metadata &base, std::int64_t snapshot_id) {
  const auto main = base.refs.find(table_metadata::main_branch);
  snapshot_ref moved = main == base.refs.end() ? snapshot_ref() : main->second;  // retention settings stay
  moved.snapshot_id = snapshot_id;
  return {table_metadata::main_branch, moved};
}

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

/// Says what both of two schema changes did that were made on the same schema.
[[noreturn]] void fail_as_overtaken(const table_change::evolve &evolve, const table_metadata &base) {
  std::string mine, theirs;
  if (const auto before = base.find_schema(evolve.made_on_schema_id)) {
    table_metadata then = base;
    then.current_schema_id = evolve.made_on_schema_id;
    then.last_column_id = evolve.made_on_last_column_id;
    const schema changed = evodb::evolve(then, evolve.steps).changed;
    mine = fmt::format(" ({})", summary_of_differences(*before, changed, base.format_version));
    theirs = fmt::format(" ({})", summary_of_differences(*before, *base.current_schema(), base.format_version));
  }
  fail(status::CONFLICT,
       fmt::format("the schema change{} was made on schema {} with column ids up to {}, and another one{} has led to "
                   "schema {} with column ids up to {} since",
                   mine, evolve.made_on_schema_id, evolve.made_on_last_column_id, theirs, base.current_schema_id,
                   base.last_column_id),
       base.location);
}

struct visitor {
  const table_metadata &base;
  const snapshot *appended;
  std::vector<table_update> updates;

  void operator()(const table_change::create &) {}

  void operator()(const table_change::append &append) {
    check_files_fit(*append.files, base);
    if (append.files->need_name_mapping && base.property(name_mapping_property) == nullptr) {
      const std::string mapping = write_name_mapping_text(create_name_mapping(*base.current_schema()));
      updates.push_back(update::set_properties{{{name_mapping_property, mapping}}});
    }
    updates.push_back(update::add_snapshot{std::make_shared<const snapshot>(*appended)});
    updates.push_back(move_main(base, appended->snapshot_id));
  }

  void operator()(const table_change::evolve &evolve) {
    if (base.current_schema_id != evolve.made_on_schema_id || base.last_column_id != evolve.made_on_last_column_id) {
      fail_as_overtaken(evolve, base);
    }
    evolved_schema evolved = evodb::evolve(base, evolve.steps);
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
  }

  void operator()(const table_change::set_properties &properties) {
    if (!properties.set.empty()) updates.push_back(update::set_properties{properties.set});
    if (!properties.removed.empty()) updates.push_back(update::remove_properties{properties.removed});
  }

  void operator()(const table_change::roll_back &roll_back) {
    if (base.current_snapshot_id != roll_back.made_on_snapshot_id) {
      fail(
          status::CONFLICT,
          fmt::format("the roll-back to snapshot {} was made when snapshot {} was the current one, and now {} is",
                      roll_back.snapshot_id, text_of(roll_back.made_on_snapshot_id), text_of(base.current_snapshot_id)),
          base.location);
    }
    if (!base.find_snapshot(roll_back.snapshot_id)) {
      fail(status::CONFLICT, fmt::format("snapshot {} is no longer in the table", roll_back.snapshot_id),
           base.location);
    }
    updates.push_back(move_main(base, roll_back.snapshot_id));
  }
};

bool moves_main(const table_update &update) {
  const auto *move = std::get_if<update::set_snapshot_ref>(&update);
  return move != nullptr && move->name == table_metadata::main_branch;
}

}  // namespace

std::vector<table_update> updates_of(const change &applied, const table_metadata &base, const snapshot *appended) {
  visitor visit{base, appended, {}};
  std::visit(visit, applied.body());
  return std::move(visit.updates);
}

std::vector<table_requirement> requirements_of(const changes &applied, const table_metadata &base, bool is_new) {
  std::vector<table_requirement> requirements;
  if (is_new) {
    requirements.push_back(requirement::assert_create{});
    return requirements;
  }
  requirements.push_back(requirement::assert_table_uuid{base.table_uuid});
  bool moves = false, evolves = false;
  for (const auto &change : applied) {
    moves |= std::holds_alternative<table_change::append>(change->body()) ||
             std::holds_alternative<table_change::roll_back>(change->body());
    evolves |= std::holds_alternative<table_change::evolve>(change->body());
  }
  if (moves)
    requirements.push_back(requirement::assert_ref_snapshot_id{table_metadata::main_branch, base.current_snapshot_id});
  if (evolves) {
    requirements.push_back(requirement::assert_current_schema_id{base.current_schema_id});
    requirements.push_back(requirement::assert_last_assigned_field_id{base.last_column_id});
  }
  return requirements;
}

void keep_last_main_move(std::vector<table_update> &updates) {
  const auto last = std::find_if(updates.rbegin(), updates.rend(), moves_main);
  if (last == updates.rend()) return;
  const table_update kept = *last;
  updates.erase(std::remove_if(updates.begin(), updates.end(), moves_main), updates.end());
  updates.push_back(kept);
}

}  // namespace evodb
