#include "table/operations/schema_lineage.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "table/operations/reserved_names.h"

namespace evodb {
namespace {

[[noreturn]] void refuse_column(const std::string &name, const std::string &reason) {
  fail(status::INCOMPATIBLE_SCHEMA, fmt::format("column {}: {}", name, reason), name);
}

/// Numbers a schema's fields by the names of another one.
class numbering {
 public:
  explicit numbering(const table_metadata &metadata) : next_id_(std::int64_t{metadata.last_column_id} + 1) {}

  std::vector<field> number(std::vector<field> fields, const std::vector<field> &known, const std::string &prefix) {
    std::vector<const field *> sames;
    for (field &f : fields) {
      const auto found = std::find_if(known.begin(), known.end(), [&](const field &one) { return one.name == f.name; });
      const field *same = found == known.end() ? nullptr : &*found;
      if (same == nullptr && next_id_ > schema::highest_field_id)
        refuse_column(prefix + f.name, "the table's field ids are used up");
      const std::int32_t id = same != nullptr ? same->id : static_cast<std::int32_t>(next_id_++);
      new_ids_[f.id] = id;
      f.id = id;
      sames.push_back(same);
    }
    static const std::vector<field> none;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      type &at = fields[i].type;
      if (!at.is_nested()) continue;
      std::vector<field> children =
          number(at.fields(), sames[i] == nullptr ? none : sames[i]->type.fields(), prefix + fields[i].name + ".");
      if (at.is(type_kind::list)) {
        at = type::list(std::move(children.at(0)));
      } else if (at.is(type_kind::map)) {
        at = type::map(std::move(children.at(0)), std::move(children.at(1)));
      } else {
        at = type::structure(std::move(children));
      }
    }
    return fields;
  }

  std::int32_t new_id(std::int32_t old_id) const { return new_ids_.at(old_id); }

 private:
  std::int64_t next_id_;
  std::unordered_map<std::int32_t, std::int32_t> new_ids_;
};

schema numbered_by_name(const table_metadata &metadata, const schema &added) {
  numbering by_name(metadata);
  std::vector<field> fields = by_name.number(added.fields(), metadata.current_schema()->fields(), "");
  std::vector<std::int32_t> identifiers;
  for (const std::int32_t id : added.identifier_field_ids()) identifiers.push_back(by_name.new_id(id));
  return schema(0, std::move(fields), std::move(identifiers));
}

/// Whether a schema of the table has the field; that it means the same there is checked.
bool has_used(const table_metadata &metadata, const schema &added, const field &f, const std::string &name) {
  bool is_used = false, has_had_name = false;
  for (const auto &known : metadata.schemas) {
    const field *was = known->find(f.id);
    if (was == nullptr) continue;
    is_used = true;
    const std::string old_name = known->full_name(f.id);
    has_had_name |= old_name == name;
    const bool is_of_kind = was->type.is_nested() ? was->type.kind() == f.type.kind()
                                                  : can_promote(was->type, f.type, metadata.format_version);
    if (known->parent_of(f.id) != added.parent_of(f.id)) {
      refuse_column(name, fmt::format("its field id {} is that of {} in schema {}, which is in another place", f.id,
                                      old_name, known->schema_id()));
    }
    if (!is_of_kind) {
      refuse_column(name, fmt::format("its field id {} is that of {} in schema {}, and {} cannot become {}", f.id,
                                      old_name, known->schema_id(), was->type.to_text(), f.type.to_text()));
    }
  }
  if (is_used && !has_had_name) {
    refuse_column(name, fmt::format("its field id {} is that of a column that never had this name: rename the column, "
                                    "or give a new one an id above {}",
                                    f.id, metadata.last_column_id));
  }
  return is_used;
}

void check_against_history(const table_metadata &metadata, const schema &added) {
  const reserved_names reserved(metadata);
  added.for_each([&](const field &f, const std::string &name) {
    if (has_used(metadata, added, f, name)) return;
    if (f.id <= metadata.last_column_id) {
      refuse_column(name, fmt::format("its field id {} was given out before: a new column has one above {}", f.id,
                                      metadata.last_column_id));
    }
    if (const auto reason = reserved.why_not(name, f.name, added.parent_of(f.id), schema::no_parent))
      refuse_column(name, *reason);
  });
}

}  // namespace

schema fit_to_table(const table_metadata &metadata, const schema &added, field_ids ids) {
  schema fit = ids == field_ids::given ? added.with_id(0) : numbered_by_name(metadata, added);
  std::int32_t schema_id = 0;
  for (const auto &known : metadata.schemas) {
    if (known->same_fields(fit)) return known->with_id(known->schema_id());
    schema_id = std::max(schema_id, known->schema_id() + 1);
  }
  if (!fit.ambiguous_name().empty()) refuse_column(fit.ambiguous_name(), "two columns have this full name: rename one");
  if (fit.minimum_format_version() > metadata.format_version) {
    fail(status::INCOMPATIBLE_SCHEMA,
         fmt::format("the schema has types or defaults of format version {}, the table has version {}",
                     fit.minimum_format_version(), metadata.format_version),
         metadata.location);
  }
  check_field_ids(fit);
  check_against_history(metadata, fit);
  return fit.with_id(schema_id);
}

}  // namespace evodb
