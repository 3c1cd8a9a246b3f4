#include "table/operations/roll_back.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>

#include "base/error.h"

namespace evodb {
namespace {

std::string text_of(std::optional<std::int64_t> snapshot_id) {
  return snapshot_id ? std::to_string(*snapshot_id) : "none";
}

class roll_back_operation : public table_operation {
 public:
  roll_back_operation(std::int64_t snapshot_id, std::optional<std::int64_t> made_on_snapshot_id)
      : snapshot_id_(snapshot_id), made_on_snapshot_id_(made_on_snapshot_id) {}

  /// Never done again over a base where another snapshot has become the current one.
  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &) const override {
    if (base.current_snapshot_id != made_on_snapshot_id_) {
      fail(status::CONFLICT,
           fmt::format("the roll-back to snapshot {} was made when snapshot {} was the current one, and now {} is",
                       snapshot_id_, text_of(made_on_snapshot_id_), text_of(base.current_snapshot_id)),
           base.location);
    }
    if (!base.find_snapshot(snapshot_id_)) {
      fail(status::CONFLICT, fmt::format("snapshot {} is no longer in the table", snapshot_id_), base.location);
    }
    std::vector<table_update> updates;
    updates.push_back(move_branch(base, table_metadata::main_branch, snapshot_id_));
    return updates;
  }

 private:
  const std::int64_t snapshot_id_;
  const std::optional<std::int64_t> made_on_snapshot_id_;
};

}  // namespace

table roll_back(const table &of, std::int64_t snapshot_id) {
  if (!of.metadata()->find_snapshot(snapshot_id)) {
    fail(status::NOT_FOUND, fmt::format("the table has no snapshot {}", snapshot_id),
         of.context()->location().to_text());
  }
  return of.with(std::make_shared<roll_back_operation>(snapshot_id, of.metadata()->current_snapshot_id));
}

}  // namespace evodb
