#include "table/operations/create_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "model/table_update.h"
#include "table/operations/property_rules.h"
#include "table/portable_location.h"

namespace evodb {
namespace {

class create_table_operation : public table_operation {
 public:
  explicit create_table_operation(std::shared_ptr<const table_metadata> initial) : initial_(std::move(initial)) {}

  /// The first version's base is the table as it was made.
  std::vector<table_update> preview(const table_metadata &, const commit_stamp &) const override { return {}; }
  bool is_in(const table_metadata &base) const noexcept override { return base.table_uuid == initial_->table_uuid; }
  std::shared_ptr<const table_metadata> initial_metadata() const noexcept override { return initial_; }

  std::vector<error> warnings() const override {
    std::vector<error> all;
    for (const auto &[key, value] : initial_->properties) warn_without_effect(key, value, all);
    return all;
  }

 private:
  const std::shared_ptr<const table_metadata> initial_;
};

}  // namespace

table create_table(std::shared_ptr<table_context> context, const schema &columns, const partition_spec &spec,
                   int format_version, const string_pairs &properties) {
  if (columns.minimum_format_version() > format_version) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("the schema has types of format version {}, the table is to have version {}",
                     columns.minimum_format_version(), format_version));
  }
  if (!columns.ambiguous_name().empty()) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("two columns have the full name {}: rename one", columns.ambiguous_name()),
         columns.ambiguous_name());
  }
  check_portable_table(context->location());
  check_field_ids(columns);
  check_partition_spec(spec, columns);
  for (const auto &[key, value] : properties) check_property(key, value);
  table_metadata initial;
  initial.format_version = format_version;
  initial.table_uuid = context->runtime().random_uuid();
  initial.location = context->location().to_text();
  initial.last_updated_ms = context->storage()->now_ms();
  initial.last_column_id = columns.highest_id();
  initial.schemas.push_back(std::make_shared<const schema>(columns.with_id(0)));
  initial.partition_specs.push_back(spec);
  initial.partition_specs.back().spec_id = 0;
  for (const partition_field &field : spec.fields)
    initial.last_partition_id = std::max(initial.last_partition_id, field.field_id);
  initial.sort_orders.emplace_back();
  if (!properties.empty()) apply(initial, update::set_properties{properties}, initial.last_updated_ms);
  check_table_metadata(initial);
  auto made = std::make_shared<const table_metadata>(std::move(initial));
  return table::of_new(std::move(context), std::make_shared<create_table_operation>(std::move(made)));
}

}  // namespace evodb
