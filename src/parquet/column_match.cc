#include "parquet/column_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "base/text_cursor.h"
#include "parquet/unfit_columns.h"

namespace evodb {
namespace {

bool is_fitting_leaf(const file_column &column, const type &wanted) {
  // Version 3 promotes more, but the schema does not say of which version its table is, nor can every reader do it.
  constexpr int format_version = 2;
  return can_promote(column.type, wanted, format_version);
}

bool is_fitting(const file_column &column, const type &wanted) {
  if (column.is_leaf()) return wanted.is_primitive() && is_fitting_leaf(column, wanted);
  return column.type.kind() == wanted.kind();  // children are matched one by one
}

bool is_in_nanoseconds(const type &t) {
  return t.is(type_kind::timestamp_ns) || t.is(type_kind::timestamptz_ns);
}

bool is_in_microseconds(const type &t) {
  return t.is(type_kind::timestamp) || t.is(type_kind::timestamptz);
}

class matcher {
 public:
  matcher(const file_rules &rules, std::string_view file) : rules_(rules), schema_(rules.columns), file_(file) {}

  std::vector<matched_column> take() && { return std::move(matched_); }

  /// `mapping` is of this level, null where ids decide. `parent` is null at the top.
  void match(const std::vector<file_column> &columns, const std::vector<field> &fields, const name_mapping *mapping,
             const field *parent) {
    std::set<std::int32_t> found;
    const mapped_names by_name = names_of(mapping);
    unfit_columns unfit(file_);
    for (const file_column &column : columns) {
      try {
        match_one(column, fields, mapping, by_name, parent, found);
      } catch (const unfit_column &problem) {
        if (parent) throw;
        unfit.add(problem);
      }
    }
    unfit.check();
    for (const field &f : fields) {
      if (!found.contains(f.id)) check_absent(f, parent);
    }
  }

 private:
  using mapped_names = std::unordered_map<std::string_view, const mapped_field *>;

  void match_one(const file_column &column, const std::vector<field> &fields, const name_mapping *mapping,
                 const mapped_names &by_name, const field *parent, std::set<std::int32_t> &found) {
    const auto named = by_name.find(column.name);
    const mapped_field *mapped = named == by_name.end() ? nullptr : named->second;
    const std::optional<std::int32_t> id = !mapping ? column.field_id : mapped ? mapped->field_id : std::nullopt;
    const field *f = find_field(id, parent);
    if (!f) {
      if (rules_.extras == extra_columns::refuse) fail_extra(column, id, fields, mapping != nullptr);
      return;
    }
    if (!mapping) check_name(column, *f, fields);
    if (!found.insert(f->id).second)
      fail_column(fmt::format("is another column for field {} of the table, by its name mapping ({}): write the file "
                              "without one of the two",
                              schema_.full_name(f->id), name_mapping_property),
                  column);
    if (!is_fitting(column, f->type)) fail_type(column, *f);
    matched_.push_back({f, &column});
    match(column.children, f->type.fields(), mapping ? &mapped->fields : nullptr, f);
  }

  [[noreturn]] static void fail_column(std::string_view problem, const file_column &column) {
    throw unfit_column{status::INCOMPATIBLE_SCHEMA, column.full_name, fmt::format(" {}", problem)};
  }

  [[noreturn]] void fail_type(const file_column &column, const field &f) const {
    // Iceberg Java reads them as bytes then, which its callers do not take for a uuid.
    const bool lacks_logical_type = f.type.is(type_kind::uuid) && column.type == type::fixed(16);
    const std::string name = schema_.full_name(f.id);
    std::string way_out = fmt::format("cast it to {} where the file is written", f.type.to_text());
    if (lacks_logical_type) way_out = "write it as Parquet's UUID";
    if (is_in_nanoseconds(column.type) && is_in_microseconds(f.type))
      way_out = "write microseconds (pandas: .dt.as_unit('us'), polars: dt.cast_time_unit('us'))";
    // Only what every reader promotes: in any version of the format.
    if (column.is_leaf() && f.type.is_primitive() && can_promote(f.type, column.type, 2))
      way_out += fmt::format(", or widen the table's field first to {} (evolve --promote)", column.type.to_text());
    fail_column(fmt::format("has type {}, but field {} of the table has type {}: {}", column.type.to_text(), name,
                            f.type.to_text(), way_out),
                column);
  }

  /// Writers that number columns by their position give a column the id of another one, whose values every reader
  /// would then find in it.
  void check_name(const file_column &column, const field &f, const std::vector<field> &fields) const {
    const field *named = column.name == f.name ? nullptr : find_field(fields, column.name);
    if (!named || had_name(f.id, column.name)) return;
    fail_column(fmt::format("has the field id {} of the table's column {}, where column {} has id {}: write the file "
                            "with the table's field ids, or without any",
                            f.id, schema_.full_name(f.id), schema_.full_name(named->id), named->id),
                column);
  }

  bool had_name(std::int32_t id, const std::string &name) const {
    return std::any_of(rules_.earlier.begin(), rules_.earlier.end(), [&](const auto &earlier) {
      const field *then = earlier->find(id);
      return then && then->name == name;
    });
  }

  [[noreturn]] void fail_extra(const file_column &column, std::optional<std::int32_t> id,
                               const std::vector<field> &fields, bool is_mapped) const {
    if (!id && schema_.find(column.full_name))
      fail_column(fmt::format("is not in the table's name mapping ({})", name_mapping_property), column);
    if (const field *other = find_but_for_case(fields, column.name); !id && other)
      fail_column(fmt::format("is no column of the table, whose column {} differs from it by case alone: write the "
                              "file with that name",
                              schema_.full_name(other->id)),
                  column);
    if (!id)
      fail_column(fmt::format("is no column of the table (it may have been dropped): add it there first, or write the "
                              "file without it{}",
                              column.name.starts_with("__index_level_") ? " (pandas: index=False)" : ""),
                  column);
    const std::string has_id = is_mapped ? fmt::format("has no field id, and the table's name mapping ({}) gives it {}",
                                                       name_mapping_property, *id)
                                         : fmt::format("has field id {}", *id);
    const field *named = find_field(fields, column.name);
    if (!schema_.find(*id) && named)
      fail_column(fmt::format("{}, where the table's has {}: {}", has_id, named->id,
                              is_mapped ? "set that property right, or write the file with the table's field ids"
                                        : "write the file with the table's field ids, or without any"),
                  column);
    if (!schema_.find(*id))
      fail_column(fmt::format("{}, which no column of the table has (it may have been dropped): write the file without "
                              "the column",
                              has_id),
                  column);
    fail_column(fmt::format("{}, that of {}, which is elsewhere in the table", has_id, schema_.full_name(*id)), column);
  }

  static mapped_names names_of(const name_mapping *mapping) {
    mapped_names by_name;
    if (!mapping) return by_name;
    for (const mapped_field &one : *mapping) {
      for (const std::string &name : one.names) by_name.emplace(name, &one);
    }
    return by_name;
  }

  /// Null where the field is not one of the parent's.
  const field *find_field(std::optional<std::int32_t> id, const field *parent) const {
    const bool is_child = id && schema_.parent_of(*id) == (parent ? parent->id : schema::no_parent);
    return is_child ? schema_.find(*id) : nullptr;
  }

  static const field *find_field(const std::vector<field> &fields, const std::string &name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const field &f) { return name == f.name; });
    return found == fields.end() ? nullptr : &*found;
  }

  static const field *find_but_for_case(const std::vector<field> &fields, const std::string &name) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const field &f) { return equal_ignoring_case(name, f.name); });
    return found == fields.end() ? nullptr : &*found;
  }

  void check_absent(const field &f, const field *parent) const {
    const bool is_part = parent && !parent->type.is(type_kind::structure);  // a list or map is none without its parts
    const bool has_default = f.initial_default && !is_null(*f.initial_default);
    const auto is_identity_source = [&](const partition_field &p) {
      return p.transform.kind == transform::kind::identity && p.source_ids.size() == 1 && p.source_id() == f.id;
    };
    const std::vector<partition_field> &partition = rules_.spec.fields;
    const bool in_partition = !parent && std::any_of(partition.begin(), partition.end(), is_identity_source);
    if (!is_part && (!f.required || has_default || in_partition)) return;
    fail(status::INCOMPATIBLE_SCHEMA,
         fmt::format("{} lacks the required column {}: write the file with it", file_, schema_.full_name(f.id)),
         std::string(file_));
  }

  const file_rules &rules_;
  const schema &schema_;
  std::string_view file_;
  std::vector<matched_column> matched_;
};

}  // namespace

std::vector<matched_column> match_columns(const std::vector<file_column> &columns, const file_rules &rules,
                                          const name_mapping *mapping, std::string_view file) {
  matcher m(rules, file);
  m.match(columns, rules.columns.fields(), mapping, nullptr);
  return std::move(m).take();
}

}  // namespace evodb
