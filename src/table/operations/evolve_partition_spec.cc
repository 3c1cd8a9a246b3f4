#include "table/operations/evolve_partition_spec.h"

#include <memory>
#include <utility>

#include "table/operations/evolution_base.h"

namespace evodb {
namespace {

class evolve_partition_spec_operation : public table_operation {
 public:
  evolve_partition_spec_operation(partition_changes steps, const table_metadata &made_on)
      : steps_(std::move(steps)), made_on_(made_on) {}

  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &) const override {
    made_on_.check(base, "partition spec change");
    std::vector<table_update> updates;
    partition_spec evolved = evolve_spec(base, steps_);
    const std::int32_t spec_id = evolved.spec_id;
    if (base.find_spec(spec_id) == nullptr) updates.push_back(update::add_partition_spec{std::move(evolved)});
    if (spec_id != base.default_spec_id) updates.push_back(update::set_default_spec{spec_id});
    return updates;
  }

 private:
  const partition_changes steps_;
  const evolution_base made_on_;
};

}  // namespace

table evolve_partition_spec(const table &of, partition_changes steps) {
  return of.with(std::make_shared<evolve_partition_spec_operation>(std::move(steps), *of.metadata()));
}

}  // namespace evodb
