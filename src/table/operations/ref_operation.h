#pragma once

#include <optional>
#include <string>

#include "model/snapshot.h"
#include "model/table_metadata.h"
#include "table/table_operation.h"

namespace evodb {

/// Moves, makes or removes one branch or tag, and only from where it is in the value that this was made of. It leaves no
/// trace but the ref itself, which other operations move too, so no later version shows whether it is committed.
class ref_operation : public table_operation {
 public:
  /// `what`: "the roll-back to snapshot 5", for messages. `becomes`: null removes the ref; retention that it leaves out
  /// stays as it is.
  ref_operation(std::string what, std::string name, const table_metadata &of, std::optional<snapshot_ref> becomes);

  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &stamp) const override;

 private:
  const std::string what_, name_;
  const std::optional<snapshot_ref> was_, becomes_;
};

}  // namespace evodb
