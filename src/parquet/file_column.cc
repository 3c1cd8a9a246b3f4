#include "parquet/file_column.h"

#include <fmt/format.h>

#include "base/error.h"
#include "parquet/leaf_type.h"
#include "parquet/unfit_columns.h"

namespace evodb {
namespace {

using kind = enum logical_type::kind;

class column_builder {
 public:
  /// Throws unfit_column.
  std::vector<file_column> fields_of(const schema_node &group, const file_column *parent) {
    std::vector<file_column> columns;
    for (const schema_node &node : group.children) columns.push_back(field_of(node, parent));
    return columns;
  }

  file_column field_of(const schema_node &node, const file_column *parent) {
    if (node.repetition == repetition::repeated)
      fail_column(status::UNSUPPORTED, "a repeated field outside of lists and maps: write it as a LIST",
                  joined(parent, node.name));
    return column_of(node, node.name, parent, parent ? parent->definition_level : 0);
  }

 private:
  [[noreturn]] static void fail_column(status code, std::string_view problem, std::string_view column) {
    throw unfit_column{code, std::string(column), fmt::format(": {}", problem)};
  }

  static std::string joined(const file_column *parent, std::string_view name) {
    return parent ? fmt::format("{}.{}", parent->full_name, name) : std::string(name);
  }

  /// `level`: the definition level from which on what holds the column is present.
  file_column column_of(const schema_node &node, std::string_view name, const file_column *parent, int level) {
    file_column column;
    column.name = name;
    column.full_name = joined(parent, name);
    column.field_id = node.field_id;
    column.required = node.repetition != repetition::optional;
    column.node = &node;
    column.first_leaf = next_leaf_;
    column.definition_level = level + (column.required ? 0 : 1);
    column.is_repeated = parent && (parent->is_repeated || parent->node->logical.kind != kind::none);
    fill(column);
    return column;
  }

  void fill(file_column &column) {
    const schema_node &node = *column.node;
    if (column.is_leaf()) {
      ++next_leaf_;
      try {
        column.type = leaf_type(node);
      } catch (const error &e) {
        const bool has_no_type = e.code() == status::INVALID_ARGUMENT;  // a coordinate reference system without a name
        fail_column(has_no_type ? status::UNSUPPORTED : e.code(), e.message(), column.full_name);
      }
      return;
    }
    switch (node.logical.kind) {
      case kind::list:
        return fill_list(column);
      case kind::map:
        return fill_map(column);
      case kind::map_key_value:
        fail_column(
            status::UNSUPPORTED,
            "a map marked MAP_KEY_VALUE, which Iceberg Java cannot read: write it as a MAP of key_value(key, value)",
            column.full_name);
      case kind::variant:
        column.type = type_kind::variant;
        next_leaf_ += count_leaves(node);
        return;
      case kind::none:
        return fill_structure(column);
      default:
        fail_column(status::UNSUPPORTED, "a group of a logical type that Iceberg does not have", column.full_name);
    }
  }

  void fill_structure(file_column &column) {
    column.children = fields_of(*column.node, &column);
    std::vector<field> fields;
    for (const file_column &child : column.children) fields.push_back(child.to_field());
    column.type = type::structure(std::move(fields));
  }

  const schema_node &repeated_child(const file_column &column) const {
    const std::vector<schema_node> &children = column.node->children;
    if (children.size() != 1 || children.front().repetition != repetition::repeated)
      fail_column(status::CORRUPT, "a list or map is one repeated field", column.full_name);
    return children.front();
  }

  /// Whether the repeated field of a list is the element itself, and not a group around it.
  static bool is_element(const schema_node &repeated, const schema_node &list) {
    return repeated.physical || repeated.children.size() > 1 || repeated.name == "array" ||
           repeated.name == list.name + "_tuple" || repeated.logical.kind == kind::list ||
           repeated.logical.kind == kind::map;
  }

  void fill_list(file_column &column) {
    const schema_node &repeated = repeated_child(column);
    if (is_element(repeated, *column.node))
      fail_column(status::UNSUPPORTED,
                  "a list of two levels, the older layout, which Iceberg Java cannot read: write lists of three levels "
                  "(Spark: spark.sql.parquet.writeLegacyFormat=false; Parquet Java: "
                  "parquet.avro.write-old-list-structure=false)",
                  column.full_name);
    const schema_node &element = repeated.children.front();
    if (element.repetition == repetition::repeated)
      fail_column(status::UNSUPPORTED, "a list whose element is a repeated field", column.full_name);
    column.children.push_back(column_of(element, "element", &column, column.definition_level + 1));
    column.type = type::list(column.children.front().to_field());
  }

  void fill_map(file_column &column) {
    const schema_node &entry = repeated_child(column);
    if (entry.physical || entry.children.size() != 2)
      fail_column(status::UNSUPPORTED, "a map without both keys and values", column.full_name);
    for (const schema_node &part : entry.children) {
      if (part.repetition == repetition::repeated)
        fail_column(status::UNSUPPORTED, "a map of repeated fields", column.full_name);
      const std::string_view name = column.children.empty() ? "key" : "value";
      if (part.name != name)
        fail_column(status::UNSUPPORTED,
                    fmt::format("a map whose {} is named {}, which DuckDB cannot read: write it as a MAP of "
                                "key_value(key, value)",
                                name, part.name),
                    column.full_name);
      column.children.push_back(column_of(part, name, &column, column.definition_level + 1));
    }
    if (!column.children.front().required)
      fail_column(status::UNSUPPORTED, "a map whose keys may be null, which PyIceberg cannot read: make them required",
                  column.full_name);
    column.type = type::map(column.children.front().to_field(), column.children.back().to_field());
  }

  static std::size_t count_leaves(const schema_node &node) {
    std::size_t count = node.physical ? 1 : 0;
    for (const schema_node &child : node.children) count += count_leaves(child);
    return count;
  }

  std::size_t next_leaf_ = 0;
};

}  // namespace

field file_column::to_field() const {
  field f;
  f.id = field_id.value_or(0);
  f.name = name;
  f.required = required;
  f.type = type;
  return f;
}

std::vector<file_column> columns_of(const parquet_footer &footer, std::string_view file) {
  column_builder builder;
  unfit_columns unfit(file);
  std::vector<file_column> columns;
  for (const schema_node &node : footer.root.children) {
    try {
      columns.push_back(builder.field_of(node, nullptr));
    } catch (const unfit_column &column) {
      unfit.add(column);
    }
  }
  unfit.check();
  return columns;
}

}  // namespace evodb
