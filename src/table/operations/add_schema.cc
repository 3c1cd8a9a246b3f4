#include "table/operations/add_schema.h"

#include <memory>

#include "table/operations/evolution_base.h"

namespace evodb {
namespace {

class add_schema_operation : public table_operation {
 public:
  add_schema_operation(schema added, const table_metadata &made_on)
      : added_(std::make_shared<const schema>(std::move(added))), made_on_(made_on) {}

  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &) const override {
    made_on_.check(base, "addition of a schema");
    if (base.find_schema(added_->schema_id())) return {};
    return {update::add_schema{added_}};
  }

 private:
  const std::shared_ptr<const schema> added_;
  const evolution_base made_on_;
};

}  // namespace

std::pair<table, std::int32_t> add_schema(const table &of, const schema &added, field_ids ids) {
  schema fit = fit_to_table(*of.metadata(), added, ids);
  const std::int32_t schema_id = fit.schema_id();
  return {of.with(std::make_shared<add_schema_operation>(std::move(fit), *of.metadata())), schema_id};
}

}  // namespace evodb
