#pragma once

#include <string>
#include <vector>

#include "runtime/task.h"
#include "table/table.h"

namespace evodb {

/// Something that is not as it should be.
struct finding {
  bool is_error = true;  ///< otherwise a warning: readers are not harmed
  std::string path;      ///< of the file that it is about
  std::string message;   ///< one sentence
};

/// Checks that whatever the table's version refers to is there and agrees: every snapshot's manifest list, every
/// manifest, its partition values, the counts in summaries, lists and manifests, sequence numbers, no file twice; with
/// `data` also that each live data file is there with its size. Reads every manifest once. Findings come in the order
/// of snapshots.
task<std::vector<finding>> verify(table of, bool data);

}  // namespace evodb
