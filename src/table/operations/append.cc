#include "table/operations/append.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "table/snapshots/duplicate_check.h"
#include "table/snapshots/snapshot_operation.h"

namespace evodb {
namespace {

class append_operation : public snapshot_operation {
 public:
  append_operation(const table &to, file_changes changes, snapshot_plan plan, bool check_duplicates)
      : snapshot_operation(to, changes, std::move(plan)) {
    if (check_duplicates) duplicates_.emplace(std::move(changes.added));
  }

 protected:
  task<> validate(const table_metadata &base, std::shared_ptr<const manifest_files> present,
                  table_context &context) const override {
    if (duplicates_) co_await duplicates_->refuse(context, std::move(present), base);
  }

 private:
  std::optional<duplicate_check> duplicates_;
};

}  // namespace

table append(const table &to, std::shared_ptr<const table_files> files, append_options options) {
  if (files->count() == 0) fail(status::INVALID_ARGUMENT, "no files to append");
  file_changes changes;
  changes.added = std::move(files);
  snapshot_plan plan;
  plan.operation = "append";
  plan.branch = std::move(options.branch);
  plan.is_staged = options.is_staged;
  plan.summary = std::move(options.summary);
  plan.snapshot_id = new_snapshot_id(to.context()->runtime(), *to.metadata());
  return to.with(std::make_shared<append_operation>(to, std::move(changes), std::move(plan), options.check_duplicates));
}

}  // namespace evodb
