#include "table/operations/set_sort_order.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "table/operations/evolution_base.h"

namespace evodb {
namespace {

class set_sort_order_operation : public table_operation {
 public:
  set_sort_order_operation(sort_order order, const table_metadata &made_on)
      : order_(std::move(order)), made_on_(made_on) {}

  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &) const override {
    made_on_.check(base, "sort order change");
    std::vector<table_update> updates;
    sort_order chosen = order_;
    chosen.order_id = order_.fields.empty() ? 0 : 1;
    const sort_order *same = nullptr;
    for (const sort_order &known : base.sort_orders) {
      if (known.fields == order_.fields) same = &known;
      if (!order_.fields.empty()) chosen.order_id = std::max(chosen.order_id, known.order_id + 1);
    }
    if (same != nullptr) chosen.order_id = same->order_id;
    if (same == nullptr) updates.push_back(update::add_sort_order{chosen});
    if (chosen.order_id != base.default_sort_order_id)
      updates.push_back(update::set_default_sort_order{chosen.order_id});
    return updates;
  }

 private:
  const sort_order order_;
  const evolution_base made_on_;
};

}  // namespace

table set_sort_order(const table &of, sort_order order) {
  return of.with(std::make_shared<set_sort_order_operation>(std::move(order), *of.metadata()));
}

}  // namespace evodb
