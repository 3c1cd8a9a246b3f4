#pragma once

#include <cstdint>
#include <string>

#include "model/snapshot.h"
#include "runtime/task.h"
#include "table/table.h"

namespace evodb {

struct cherry_pick_options {
  std::string branch = table_metadata::main_branch;  ///< made at the main branch where it is not there
  string_pairs summary;                              ///< the caller's properties of a new snapshot
};

/// Publishes what a snapshot does, mostly a staged one, on a branch that it is not on. Where the branch is at its parent, the
/// branch moves to it. Otherwise the files of an append are appended anew, as a snapshot with "source-snapshot-id" and,
/// where the source has a "wap.id", "published-wap-id" in its summary. Reads the source's manifests where it appends.
///
/// Throws NOT_FOUND without such a snapshot; ALREADY_EXISTS where the branch has it, or what was made of it, or another of
/// the same "wap.id"; CONFLICT for what is no append while the branch is elsewhere than at its parent; UNSUPPORTED for a
/// replacement of partitions there, which is not made anew yet. INVALID_ARGUMENT for an uncommitted source that would be
/// read, a tag in the branch's place, and a summary that is not the caller's. The commit fails with CONFLICT where the branch has moved from the parent, or another writer has published it.
task<table> cherry_pick(table onto, std::int64_t snapshot_id, cherry_pick_options options);

}  // namespace evodb
