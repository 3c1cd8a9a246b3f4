#pragma once

#include <cstdint>
#include <vector>

#include "model/table_metadata.h"
#include "model/table_update.h"
#include "table/change.h"

namespace evodb {

/// What a change other than a create does to `base`, as updates. Throws CONFLICT if it no longer fits: schema changes
/// and roll-backs are never re-applied over a base where what they were made on has changed. An append's snapshot is
/// given, with its manifest list when it is committed.
std::vector<table_update> updates_of(const change &applied, const table_metadata &base, const snapshot *appended);

/// Requirements under which these updates were computed, for the catalog to check: the table is the same, and so is
/// what they build on.
std::vector<table_requirement> requirements_of(const changes &applied, const table_metadata &base, bool is_new);

/// Moves of the main branch but for the last one are left out: within one version only the snapshot that becomes
/// current is logged.
void keep_last_main_move(std::vector<table_update> &updates);

}  // namespace evodb
