#include "table/operations/set_properties.h"

#include <memory>
#include <utility>

#include "table/operations/property_rules.h"

namespace evodb {
namespace {

class set_properties_operation : public table_operation {
 public:
  set_properties_operation(string_pairs set, std::vector<std::string> removed)
      : set_(std::move(set)), removed_(std::move(removed)) {}

  std::vector<table_update> preview(const table_metadata &, const commit_stamp &) const override {
    std::vector<table_update> updates;
    if (!set_.empty()) updates.push_back(update::set_properties{set_});
    if (!removed_.empty()) updates.push_back(update::remove_properties{removed_});
    return updates;
  }

  std::vector<error> warnings() const override {
    std::vector<error> all;
    for (const auto &[key, value] : set_) warn_without_effect(key, value, all);
    return all;
  }

 private:
  const string_pairs set_;
  const std::vector<std::string> removed_;
};

}  // namespace

table set_properties(const table &of, string_pairs set, std::vector<std::string> removed) {
  for (const auto &[key, value] : set) check_property(key, value);
  for (const std::string &key : removed) check_removable(key);
  return of.with(std::make_shared<set_properties_operation>(std::move(set), std::move(removed)));
}

}  // namespace evodb
