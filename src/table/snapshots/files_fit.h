#pragma once

#include "expression/predicate.h"
#include "model/schema.h"
#include "model/table_metadata.h"
#include "table/file_changes.h"

namespace evodb {

/// Throws INVALID_ARGUMENT if the files were made for another table, or in a partition spec that this value of the table
/// does not have; an older one is fine.
void check_files_belong(const table_files &files, const table_metadata &to);

/// Throws CONFLICT if the files, checked against an older schema, do not fit the base's: a column of theirs is gone or
/// has another type, or a required one was added that they lack; or if their spec is gone.
void check_files_fit(const table_files &files, const table_metadata &base);

/// Throws CONFLICT if the filter's columns are others in the base's schema than in the one that its caller had, or of another
/// type, or may be null now. Null: no filter.
void check_filter_fits(const predicate_ptr &filter, const schema &then, const table_metadata &base);

}  // namespace evodb
