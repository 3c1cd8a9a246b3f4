#include "table/schema_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "base/error.h"
#include "codec/name_mapping_json.h"
#include "codec/single_value_json.h"
#include "model/name_mapping.h"

namespace evodb {
namespace {

type with_fields(const type &nested, std::vector<field> fields) {
  switch (nested.kind()) {
    case type_kind::list:
      return type::list(std::move(fields.at(0)));
    case type_kind::map:
      return type::map(std::move(fields.at(0)), std::move(fields.at(1)));
    default:
      return type::structure(std::move(fields));
  }
}

using siblings_edit = std::function<void(std::vector<field> &siblings, std::size_t index)>;

/// Finds the field among `siblings` or below them and edits it where it is. Types are immutable, so the way down is
/// made anew.
bool edit_field(std::vector<field> &siblings, std::int32_t id, const siblings_edit &edit) {
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    if (siblings[i].id == id) {
      edit(siblings, i);
      return true;
    }
    if (!siblings[i].type.is_nested()) continue;
    std::vector<field> children = siblings[i].type.fields();
    if (edit_field(children, id, edit)) {
      siblings[i].type = with_fields(siblings[i].type, std::move(children));
      return true;
    }
  }
  return false;
}

/// What the mapping has within a field, or at the top for parent 0; null if it does not know the field.
const name_mapping *mapped_within(const name_mapping &mapping, std::int32_t parent_id) {
  if (parent_id == 0) return &mapping;
  for (const mapped_field &mapped : mapping) {
    if (mapped.field_id == parent_id) return &mapped.fields;
    if (const name_mapping *found = mapped_within(mapped.fields, parent_id)) return found;
  }
  return nullptr;
}

/// As readers compare that ignore case.
bool is_same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// Whether files without field ids may hold another field under this name: one that was dropped, or that was renamed.
/// Its values would become those of the field that gets the name.
bool is_name_of_another(const name_mapping &siblings, std::string_view name, std::int32_t own_id) {
  return std::any_of(siblings.begin(), siblings.end(), [&](const mapped_field &mapped) {
    return mapped.field_id.value_or(0) != own_id &&
           std::any_of(mapped.names.begin(), mapped.names.end(),
                       [&](const std::string &known) { return is_same_name(known, name); });
  });
}

class evolution {
 public:
  evolution(const table_metadata &metadata, const schema_changes &changes)
      : metadata_(metadata), now_(*metadata.current_schema()), last_column_id_(metadata.last_column_id) {
    for (const schema_change_step &step : changes) {
      if (const auto *allowed = std::get_if<schema_change::allow_breaking>(&step)) allowed_.insert(allowed->name);
    }
    for (const schema_change_step &step : changes) {
      std::visit([this](const auto &change) { apply(change); }, step);
    }
  }

  evolved_schema finish() && {
    if (!now_.ambiguous_name().empty()) refuse("two columns have this full name", now_.ambiguous_name());
    std::int32_t schema_id = 0;
    for (const auto &known : metadata_.schemas) schema_id = std::max(schema_id, known->schema_id() + 1);
    return {now_.with_id(schema_id), last_column_id_};
  }

 private:
  const field &require(const std::string &name) const {
    const field *found = now_.find(name);
    if (found == nullptr) fail(status::NOT_FOUND, fmt::format("no such column: {}", name), name);
    return *found;
  }

  [[noreturn]] static void refuse(const std::string &reason, const std::string &name) {
    fail(status::INCOMPATIBLE_SCHEMA, fmt::format("column {}: {}", name, reason), name);
  }

  void edit(std::int32_t id, const siblings_edit &how) {
    std::vector<field> fields = now_.fields();
    edit_field(fields, id, how);
    replace(std::move(fields));
  }

  void replace(std::vector<field> fields) {
    now_ = schema(now_.schema_id(), std::move(fields), now_.identifier_field_ids());
  }

  bool is_allowed(const std::string &name) const { return allowed_.contains(name); }

  /// Partition fields of any spec, since files of old specs stay.
  template <typename Visit>
  void for_each_partition_field(Visit visit) const {
    for (const partition_spec &spec : metadata_.partition_specs) {
      for (const partition_field &partition : spec.fields) visit(spec, partition);
    }
  }

  void check_new_name(const std::string &full_name, std::int32_t parent_id, std::int32_t own_id) const {
    if (const field *taken = now_.find(full_name); taken != nullptr && taken->id != own_id) {
      fail(status::ALREADY_EXISTS, fmt::format("there is already a column {}", full_name), full_name);
    }
    if (parent_id == 0) {
      for_each_partition_field([&](const partition_spec &spec, const partition_field &partition) {
        const bool is_own_identity =
            partition.transform.kind == transform::kind::identity && own_id != 0 && partition.source_id() == own_id;
        if (partition.name == full_name && !is_own_identity) {
          refuse(fmt::format("the name belongs to a partition field of spec {}", spec.spec_id), full_name);
        }
      });
    }
    if (const std::string *mapping = metadata_.property(name_mapping_property)) {
      const name_mapping known = read_name_mapping_text(*mapping, name_mapping_property);
      const name_mapping *siblings = mapped_within(known, parent_id);
      const std::string prefix = parent_id == 0 ? std::string() : now_.full_name(parent_id) + ".";
      if (siblings != nullptr && is_name_of_another(*siblings, full_name.substr(prefix.size()), own_id)) {
        refuse(
            "files without field ids may hold another column under this name, or had one that was dropped or renamed: "
            "choose another name",
            full_name);
      }
    }
  }

  void apply(const schema_change::add &change) {
    const std::size_t dot = now_.find(change.name) == nullptr ? change.name.rfind('.') : std::string::npos;
    std::int32_t parent_id = 0;
    field added;
    added.name = change.name;
    if (dot != std::string::npos) {
      const field &parent = require(change.name.substr(0, dot));
      if (!parent.type.is(type_kind::structure)) refuse("its parent is not a struct", change.name);
      parent_id = parent.id;
      added.name = change.name.substr(dot + 1);
    }
    check_new_name(change.name, parent_id, 0);
    if (change.type.minimum_format_version() > metadata_.format_version) {
      refuse(fmt::format("the type {} needs format version {}, the table has {}", change.type.to_text(),
                         change.type.minimum_format_version(), metadata_.format_version),
             change.name);
    }
    added.type = change.type;
    added.required = change.required;
    added.doc = change.doc;
    if (change.default_json) {
      if (metadata_.format_version < 3) refuse("default values need format version 3", change.name);
      added.initial_default = read_single_value_text(change.type, *change.default_json, change.name);
      added.write_default = added.initial_default;
    }
    const bool has_default = added.initial_default && !is_null(*added.initial_default);
    if (added.required && !has_default && !is_allowed(change.name)) {
      refuse(
          "a required column without a default breaks the rows written before; allow it by name, or add it as optional",
          change.name);
    }
    std::int32_t next_id = last_column_id_ + 1;
    std::vector<field> fresh;
    fresh.push_back(std::move(added));
    fresh = assign_fresh_ids(std::move(fresh), next_id);
    last_column_id_ = next_id - 1;
    std::vector<field> fields = now_.fields();
    if (parent_id == 0) {
      fields.push_back(std::move(fresh.front()));
    } else {
      edit_field(fields, parent_id, [&](std::vector<field> &siblings, std::size_t index) {
        std::vector<field> children = siblings[index].type.fields();
        children.push_back(std::move(fresh.front()));
        siblings[index].type = type::structure(std::move(children));
      });
    }
    replace(std::move(fields));
  }

  void check_is_struct_child(const field &changed, const std::string &name, const char *what) const {
    const std::int32_t parent = now_.parent_of(changed.id);
    if (parent != 0 && !now_.find(parent)->type.is(type_kind::structure)) {
      refuse(fmt::format("a list's element and a map's key and value cannot be {}", what), name);
    }
  }

  /// Whether the id is the field or lies below it.
  bool is_within(std::int32_t id, const field &top) const {
    for (std::int32_t at = id; at != 0; at = now_.parent_of(at)) {
      if (at == top.id) return true;
    }
    return false;
  }

  void apply(const schema_change::drop &change) {
    const field &dropped = require(change.name);
    check_is_struct_child(dropped, change.name, "dropped");
    for (std::int32_t id : now_.identifier_field_ids()) {
      if (is_within(id, dropped)) refuse("it is an identifier field", change.name);
    }
    for (const partition_field &partition : metadata_.default_spec().fields) {
      const bool is_void = partition.transform.kind == transform::kind::void_;
      if (!is_void && is_within(partition.source_id(), dropped)) {
        refuse(fmt::format("the partition field {} is made from it", partition.name), change.name);
      }
    }
    for (const sort_order &order : metadata_.sort_orders) {
      if (order.order_id != metadata_.default_sort_order_id) continue;
      for (const sort_field &sorted : order.fields) {
        if (is_within(sorted.source_ids.front(), dropped)) refuse("the table's sort order uses it", change.name);
      }
    }
    const std::int32_t parent = now_.parent_of(dropped.id);
    const std::size_t sibling_count = parent == 0 ? now_.fields().size() : now_.find(parent)->type.fields().size();
    if (sibling_count == 1) refuse("it is the only one of its kind; an empty struct cannot be stored", change.name);
    edit(dropped.id, [](std::vector<field> &siblings, std::size_t index) {
      siblings.erase(siblings.begin() + static_cast<std::ptrdiff_t>(index));
    });
  }

  void apply(const schema_change::rename &change) {
    const field &renamed = require(change.name);
    check_is_struct_child(renamed, change.name, "renamed");
    if (renamed.name == change.new_name) return;
    const std::int32_t parent = now_.parent_of(renamed.id);
    const std::string full_name = parent == 0 ? change.new_name : now_.full_name(parent) + "." + change.new_name;
    check_new_name(full_name, parent, renamed.id);
    edit(renamed.id, [&](std::vector<field> &siblings, std::size_t index) { siblings[index].name = change.new_name; });
  }

  void apply(const schema_change::widen &change) {
    const field &widened = require(change.name);
    if (widened.type == change.type) return;
    if (!can_promote(widened.type, change.type, metadata_.format_version)) {
      refuse(fmt::format("{} cannot become {}", widened.type.to_text(), change.type.to_text()), change.name);
    }
    if (widened.type.is(type_kind::date)) {
      // Only these give the same partition value for a date and for its midnight.
      for_each_partition_field([&](const partition_spec &, const partition_field &partition) {
        const auto kind = partition.transform.kind;
        const bool is_unchanged = kind == transform::kind::year || kind == transform::kind::month ||
                                  kind == transform::kind::day || kind == transform::kind::void_;
        if (partition.source_id() == widened.id && !is_unchanged) {
          refuse(fmt::format("the partition field {} is made from it and would change", partition.name), change.name);
        }
      });
    }
    edit(widened.id, [&](std::vector<field> &siblings, std::size_t index) {
      field &at = siblings[index];
      if (at.initial_default) at.initial_default = promote(at.type, change.type, *at.initial_default);
      if (at.write_default) at.write_default = promote(at.type, change.type, *at.write_default);
      at.type = change.type;
    });
  }

  bool is_map_key(const field &f) const {
    const field *parent = now_.find(now_.parent_of(f.id));
    return parent != nullptr && parent->type.is(type_kind::map) && parent->type.key().id == f.id;
  }

  void apply(const schema_change::make_optional &change) {
    const field &changed = require(change.name);
    for (std::int32_t id : now_.identifier_field_ids()) {
      if (is_within(id, changed)) refuse("identifier fields must be required", change.name);
    }
    if (is_map_key(changed)) refuse("a map's key must be required", change.name);
    edit(changed.id, [](std::vector<field> &siblings, std::size_t index) { siblings[index].required = false; });
  }

  void apply(const schema_change::make_required &change) {
    const field &changed = require(change.name);
    if (changed.required) return;
    if (!is_allowed(change.name))
      refuse("making it required breaks rows that hold null; allow it by name", change.name);
    edit(changed.id, [](std::vector<field> &siblings, std::size_t index) { siblings[index].required = true; });
  }

  void apply(const schema_change::set_doc &change) {
    edit(require(change.name).id, [&](std::vector<field> &siblings, std::size_t index) {
      siblings[index].doc = change.doc.empty() ? std::nullopt : std::optional<std::string>(change.doc);
    });
  }

  void apply(const schema_change::move &change) {
    const field &moved = require(change.name);
    check_is_struct_child(moved, change.name, "moved");
    std::int32_t reference_id = 0;
    if (change.where != schema_change::move::place::first) {
      const field &reference = require(change.reference);
      if (now_.parent_of(reference.id) != now_.parent_of(moved.id) || reference.id == moved.id) {
        refuse(fmt::format("it can be moved only among its siblings, and {} is none", change.reference), change.name);
      }
      reference_id = reference.id;
    }
    edit(moved.id, [&](std::vector<field> &siblings, std::size_t index) {
      field taken = std::move(siblings[index]);
      siblings.erase(siblings.begin() + static_cast<std::ptrdiff_t>(index));
      auto at = siblings.begin();
      if (reference_id != 0) {
        at = std::find_if(siblings.begin(), siblings.end(), [&](const field &f) { return f.id == reference_id; });
        if (change.where == schema_change::move::place::after) ++at;
      }
      siblings.insert(at, std::move(taken));
    });
  }

  void apply(const schema_change::allow_breaking &) {
  }  // collected before the first step, so its place in the list does not matter

  const table_metadata &metadata_;
  schema now_;
  std::int32_t last_column_id_;
  std::set<std::string> allowed_;
};

}  // namespace

evolved_schema evolve(const table_metadata &metadata, const schema_changes &changes) {
  return evolution(metadata, changes).finish();
}

}  // namespace evodb
