#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/type.h"
#include "model/value.h"

namespace evodb {

/// A table's schema: immutable, indexed by field id and by full name ("a.b.c"; list children as "element", map's as
/// "key" and "value"). Dots within one field's name are kept: such a field is found by its quoted path segments
/// (find_path).
class schema {
 public:
  static constexpr std::int32_t highest_field_id = 2147483447;  ///< above are the reserved metadata columns
  static constexpr std::int32_t no_parent = -1;

  /// Throws INVALID_ARGUMENT naming the field on: duplicate or negative ids, two siblings of one name, an empty name,
  /// ill-formed UTF-8, required fields of type unknown, defaults that are no values of their type, identifier fields
  /// that are not required primitives outside of lists and maps.
  schema(std::int32_t schema_id, std::vector<field> fields, std::vector<std::int32_t> identifier_field_ids = {});

  std::int32_t schema_id() const noexcept { return schema_id_; }
  const std::vector<field> &fields() const noexcept { return fields_; }
  const std::vector<std::int32_t> &identifier_field_ids() const noexcept { return identifier_field_ids_; }

  const field *find(std::int32_t id) const noexcept;    ///< null if none
  const field *find(std::string_view full_name) const;  ///< null if none; depth first, the first of several
  /// A full name that two fields have, since a name may hold dots; other engines open no table with such a schema. Empty
  /// if none.
  const std::string &ambiguous_name() const noexcept { return ambiguous_name_; }
  const field *find_path(const std::vector<std::string> &segments) const;
  /// The names that lead to a field, from the top; empty if none.
  std::vector<std::string> path_of(std::int32_t id) const;
  /// For a message about a name that no field has: the first field whose full name differs by case alone; null if none.
  const field *find_ignoring_case(std::string_view full_name) const;
  std::string full_name(std::int32_t id) const;            ///< empty if none
  std::int32_t parent_of(std::int32_t id) const noexcept;  ///< no_parent for top-level fields
  /// Whether the field is reached through structs alone, so that a row has one value of it.
  bool is_single_valued(std::int32_t id) const noexcept;
  /// Whether every row has a value of the field: it is required, as is all that it lies in.
  bool is_never_null(std::int32_t id) const noexcept;
  std::int32_t highest_id() const noexcept { return highest_id_; }
  int minimum_format_version() const noexcept;

  /// Depth first, parents before children.
  void for_each(const std::function<void(const field &, const std::string &full_name)> &visit) const;

  /// The same fields under another schema id.
  schema with_id(std::int32_t schema_id) const;
  /// Whether fields and identifier fields are the same (the schema id may differ).
  bool same_fields(const schema &other) const;

 private:
  struct entry {
    const field *at;
    std::int32_t parent;
    std::string full_name;
    bool single_valued;
  };
  void index(const std::vector<field> &fields, const entry &parent);
  void check_identifier(std::int32_t id) const;

  std::int32_t schema_id_;
  std::vector<field> fields_;
  std::vector<std::int32_t> identifier_field_ids_;
  std::int32_t highest_id_ = 0;
  std::unordered_map<std::int32_t, entry> by_id_;
  std::unordered_map<std::string, std::int32_t> by_name_;
  std::string ambiguous_name_;

 public:
  schema(const schema &other) : schema(other.schema_id_, other.fields_, other.identifier_field_ids_) {}
  schema(schema &&) = default;  // vectors keep their storage when moved, so the pointers stay good
  schema &operator=(const schema &) = delete;
  schema &operator=(schema &&) = default;
};

/// Gives ids from `next_id` on to every field, siblings first and then their children (Iceberg's order). Returns the
/// fields; `next_id` is left one above the highest given.
std::vector<field> assign_fresh_ids(std::vector<field> fields, std::int32_t &next_id);

/// Throws INVALID_ARGUMENT naming a field whose id no new table may have: 0, or one of the reserved.
void check_field_ids(const schema &of_new_table);

/// Keeps ids where every field has a positive unique one, assigns all where none has; a mixture is INVALID_ARGUMENT
/// naming a field.
std::vector<field> keep_or_assign_ids(std::vector<field> fields);

}  // namespace evodb
