#include "table/operations/schema_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "codec/single_value_json.h"
#include "table/operations/date_promotion.h"
#include "table/operations/reserved_names.h"
#include "table/operations/schema_draft.h"

namespace evodb {
namespace {

constexpr std::int32_t most_added_fields = 1 << 16;  // of one column, those within it included

class evolution {
 public:
  evolution(const table_metadata &metadata, const schema_changes &changes)
      : metadata_(metadata),
        before_(*metadata.current_schema()),
        now_(before_.fields()),
        last_column_id_(metadata.last_column_id),
        identifiers_(before_.identifier_field_ids()),
        reserved_(metadata) {
    find_what_is_used();
    for (const schema_change_step &step : changes) {
      if (const auto *allowed = std::get_if<schema_change::allow_breaking>(&step)) allowed_.insert(allowed->name);
    }
    for (const schema_change_step &step : changes) {
      std::visit([this](const auto &change) { apply(change); }, step);
    }
  }

  evolved_schema finish() && {
    std::int32_t schema_id = 0;
    for (const auto &known : metadata_.schemas) schema_id = std::max(schema_id, known->schema_id() + 1);
    schema changed(schema_id, now_.fields(), identifiers_);
    if (!changed.ambiguous_name().empty())
      refuse("two columns have this full name: rename one", changed.ambiguous_name());
    return {std::move(changed), last_column_id_};
  }

 private:
  using node = schema_draft::node;

  const node &require(const std::string &name) const {
    const node *found = now_.find(name);
    if (found == nullptr) fail(status::NOT_FOUND, fmt::format("no such column: {}", name), name);
    return *found;
  }

  /// A use of a field is one of all structs around it, too. Parents stay what they are: fields move among siblings alone.
  void note_use(std::map<std::int32_t, std::string> &uses, std::int32_t id, const std::string &by) const {
    for (std::int32_t at = id; at != schema_draft::top && now_.find(at) != nullptr; at = now_.find(at)->parent)
      uses.emplace(at, by);
  }

  void find_what_is_used() {
    for (const std::int32_t id : identifiers_) note_use(identifying_, id, {});
    for (const partition_field &partition : metadata_.default_spec().fields) {
      if (partition.transform.kind != transform::kind::void_)
        note_use(partitioning_, partition.source_id(), partition.name);
    }
    for (const sort_order &order : metadata_.sort_orders) {
      if (order.order_id != metadata_.default_sort_order_id) continue;
      for (const sort_field &sorted : order.fields) note_use(sorting_, sorted.source_ids.front(), {});
    }
    for (const partition_spec &spec : metadata_.partition_specs) {
      for (const partition_field &partition : spec.fields)
        partitions_by_source_.emplace(partition.source_id(), &partition);
    }
  }

  [[noreturn]] static void refuse(const std::string &reason, const std::string &name) {
    fail(status::INCOMPATIBLE_SCHEMA, fmt::format("column {}: {}", name, reason), name);
  }

  bool is_allowed(const std::string &name) const { return allowed_.contains(name); }

  void check_new_name(const std::string &full_name, const std::string &name, std::int32_t parent_id,
                      std::int32_t own_id) const {
    if (const node *taken = now_.find(full_name); taken != nullptr && taken->own.id != own_id) {
      fail(status::ALREADY_EXISTS, fmt::format("there is already a column {}", full_name), full_name);
    }
    if (const auto reason = reserved_.why_not(full_name, name, parent_id, own_id)) refuse(*reason, full_name);
  }

  value read_default(const type &of, const std::string &json, const std::string &name) const {
    if (metadata_.format_version < 3) refuse("default values need format version 3", name);
    return read_single_value_text(of, json, name);
  }

  void apply(const schema_change::add &change) {
    const std::size_t dot = now_.find(change.name) == nullptr ? change.name.rfind('.') : std::string::npos;
    std::int32_t parent_id = schema::no_parent;
    field added;
    added.name = change.name;
    if (dot != std::string::npos) {
      const field &parent = require(change.name.substr(0, dot)).own;
      if (!parent.type.is(type_kind::structure)) refuse("its parent is not a struct", change.name);
      parent_id = parent.id;
      added.name = change.name.substr(dot + 1);
    }
    check_new_name(change.name, added.name, parent_id, schema_draft::top);
    if (change.type.minimum_format_version() > metadata_.format_version) {
      refuse(fmt::format("the type {} needs format version {}, the table has {}", change.type.to_text(),
                         change.type.minimum_format_version(), metadata_.format_version),
             change.name);
    }
    added.type = change.type;
    added.required = change.required;
    added.doc = change.doc;
    if (change.default_json) {
      added.initial_default = read_default(change.type, *change.default_json, change.name);
      added.write_default = added.initial_default;
    }
    const bool has_default = added.initial_default && !is_null(*added.initial_default);
    if (added.required && !has_default && !is_allowed(change.name)) {
      refuse(
          "a required column without a default breaks the rows written before; allow it by name, or add it as optional",
          change.name);
    }
    if (last_column_id_ > schema::highest_field_id - most_added_fields) {
      refuse(fmt::format("the table's field ids are used up: its last-column-id is {}", last_column_id_), change.name);
    }
    std::int32_t next_id = last_column_id_ + 1;
    std::vector<field> fresh;
    fresh.push_back(std::move(added));
    fresh = assign_fresh_ids(std::move(fresh), next_id);
    last_column_id_ = next_id - 1;
    now_.add(parent_id, std::move(fresh.front()));
  }

  void check_is_struct_child(const node &changed, const std::string &name, const char *what) const {
    if (changed.parent != schema_draft::top && !now_.find(changed.parent)->own.type.is(type_kind::structure)) {
      refuse(fmt::format("a list's element and a map's key and value cannot be {}", what), name);
    }
  }

  void apply(const schema_change::drop &change) {
    const node &dropped = require(change.name);
    const std::int32_t id = dropped.own.id;
    check_is_struct_child(dropped, change.name, "dropped");
    if (identifying_.contains(id)) refuse("it is an identifier field", change.name);
    if (const auto use = partitioning_.find(id); use != partitioning_.end())
      refuse(fmt::format("the partition field {} is made from it", use->second), change.name);
    if (sorting_.contains(id)) refuse("the table's sort order uses it", change.name);
    if (now_.find(dropped.parent)->children.size() == 1)
      refuse("it is the only one of its kind; an empty struct cannot be stored", change.name);
    now_.remove(id);
  }

  void apply(const schema_change::rename &change) {
    const node &renamed = require(change.name);
    check_is_struct_child(renamed, change.name, "renamed");
    if (renamed.own.name == change.new_name) return;
    const bool is_at_top = renamed.parent == schema_draft::top;
    const std::string full_name = is_at_top ? change.new_name : now_.full_name(renamed.parent) + "." + change.new_name;
    check_new_name(full_name, change.new_name, renamed.parent, renamed.own.id);
    now_.rename(renamed, change.new_name);
  }

  void apply(const schema_change::widen &change) {
    const node &widened = require(change.name);
    const type before = now_.type_of(widened);
    if (before == change.type) return;
    if (!can_promote(before, change.type, metadata_.format_version)) {
      refuse(fmt::format("{} cannot become {}", before.to_text(), change.type.to_text()), change.name);
    }
    if (before.is(type_kind::date)) {
      const auto [first, last] = partitions_by_source_.equal_range(widened.own.id);
      for (auto at = first; at != last; ++at) {
        const partition_field &partition = *at->second;
        if (!is_same_of_midnight(partition.transform))
          refuse(fmt::format("the partition field {} is made from it and would change", partition.name), change.name);
      }
    }
    field &at = now_.edit(widened);
    if (at.initial_default) at.initial_default = promote(at.type, change.type, *at.initial_default);
    if (at.write_default) at.write_default = promote(at.type, change.type, *at.write_default);
    at.type = change.type;
  }

  bool is_map_key(const node &f) const {
    const field &parent = now_.find(f.parent)->own;
    return f.parent != schema_draft::top && parent.type.is(type_kind::map) && parent.type.key().id == f.own.id;
  }

  void apply(const schema_change::make_optional &change) {
    const node &changed = require(change.name);
    if (identifying_.contains(changed.own.id)) refuse("identifier fields must be required", change.name);
    if (is_map_key(changed)) refuse("a map's key must be required", change.name);
    now_.edit(changed).required = false;
  }

  void apply(const schema_change::make_required &change) {
    const node &changed = require(change.name);
    if (changed.own.required) return;
    if (!is_allowed(change.name))
      refuse("making it required breaks rows that hold null; allow it by name", change.name);
    now_.edit(changed).required = true;
  }

  void apply(const schema_change::set_doc &change) {
    now_.edit(require(change.name)).doc = change.doc.empty() ? std::nullopt : std::optional<std::string>(change.doc);
  }

  void apply(const schema_change::move &change) {
    const node &moved = require(change.name);
    check_is_struct_child(moved, change.name, "moved");
    if (change.where == schema_change::move::place::first) return now_.move_to_front(moved);
    const node &reference = require(change.reference);
    if (reference.parent != moved.parent || &reference == &moved) {
      refuse(fmt::format("it can be moved only among its siblings, and {} is none", change.reference), change.name);
    }
    if (change.where == schema_change::move::place::before) return now_.move_before(moved, reference);
    now_.move_behind(moved, reference);
  }

  void apply(const schema_change::set_write_default &change) {
    const node &changed = require(change.name);
    std::optional<value> by_default;
    if (change.json) by_default = read_default(now_.type_of(changed), *change.json, change.name);
    now_.edit(changed).write_default = std::move(by_default);
  }

  void apply(const schema_change::set_identifier_fields &change) {
    identifiers_.clear();
    identifying_.clear();
    for (const std::string &name : change.names) {
      const node &chosen = require(name);
      check_identifier(chosen, name);
      if (std::find(identifiers_.begin(), identifiers_.end(), chosen.own.id) != identifiers_.end()) continue;
      identifiers_.push_back(chosen.own.id);
      note_use(identifying_, chosen.own.id, {});
    }
  }

  void check_identifier(const node &chosen, const std::string &name) const {
    const type &its_type = chosen.own.type;
    if (!its_type.is_primitive() || its_type.is(type_kind::float32) || its_type.is(type_kind::float64))
      refuse(fmt::format("an identifier field cannot be of type {}", now_.type_of(chosen).to_text()), name);
    for (const node *at = &chosen; at->parent != schema_draft::top; at = now_.find(at->parent)) {
      if (!now_.find(at->parent)->own.type.is(type_kind::structure))
        refuse("an identifier field cannot be inside a list or map", name);
    }
    for (const node *at = &chosen; at != now_.find(schema_draft::top); at = now_.find(at->parent)) {
      if (!at->own.required)
        refuse("an identifier field and the structs around it must be required", now_.full_name(at->own.id));
    }
  }

  void apply(const schema_change::allow_breaking &) {
  }  // collected before the first step, so its place in the list does not matter

  const table_metadata &metadata_;
  const schema &before_;
  schema_draft now_;
  std::int32_t last_column_id_;
  std::set<std::string> allowed_;
  std::vector<std::int32_t> identifiers_;
  // Ids of fields that are in use, or hold one that is: with the partition field that uses them.
  std::map<std::int32_t, std::string> identifying_, partitioning_, sorting_;
  std::multimap<std::int32_t, const partition_field *> partitions_by_source_;  ///< of any spec
  reserved_names reserved_;
};

}  // namespace

evolved_schema evolve(const table_metadata &metadata, const schema_changes &changes) {
  return evolution(metadata, changes).finish();
}

}  // namespace evodb
