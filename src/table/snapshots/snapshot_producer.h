#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "model/table_metadata.h"
#include "runtime/task.h"
#include "table/change.h"
#include "table/manifests/pending_files.h"
#include "table/table_context.h"

namespace evodb {

/// The snapshot that an append makes on `base`: the new files beside all that are live there. Its manifest list is left
/// empty, and its row lineage (version 3) counted from the base. `key`: in whose name it is made.
snapshot appended_snapshot(const change &appending, const std::optional<idempotency_key> &key,
                           const table_metadata &base, std::int64_t timestamp_ms);

/// Throws INVALID_ARGUMENT naming the key if the library writes it itself, now or in another operation.
void check_summary(const string_pairs &given);

/// Throws INVALID_ARGUMENT if the files were made for another table, or in a partition spec that this value of the table
/// does not have; an older one is fine.
void check_files_belong(const table_files &files, const table_metadata &to);

/// Throws CONFLICT if the files, checked against an older schema, do not fit the base's: a column of theirs is gone or
/// has another type, or a required one was added that they lack; or if their spec is gone.
void check_files_fit(const table_files &files, const table_metadata &base);

/// An append's manifests, for the draft to write: those that it has already, since rebased and repeated commits use them
/// again (their entries inherit the sequence number), or new ones in `files`. Those of days ago are made anew, since a
/// clean-up may have taken them for orphans. Many are written at once, so that few are in memory.
task<change::written_manifests> make_manifests(table_context &context, std::shared_ptr<change> appending,
                                               std::shared_ptr<const table_metadata> base, pending_files &files);

/// Puts the manifest list of `made`, which `describe` gives on a computing thread, among `files`: the parent's manifests
/// and the append's own. Returns what it holds, and its location in `made`.
task<std::shared_ptr<const manifest_files>> make_manifest_list(table_context &context,
                                                               std::shared_ptr<const manifest_files> own,
                                                               std::shared_ptr<const manifest_files> parents,
                                                               std::function<snapshot()> describe, snapshot &made,
                                                               int format_version, pending_files &files);

}  // namespace evodb
