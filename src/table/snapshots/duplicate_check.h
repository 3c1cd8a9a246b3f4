#pragma once

#include <memory>

#include "table/change.h"
#include "table/table_context.h"

namespace evodb {

/// Throws ALREADY_EXISTS naming a file of the append that one of these manifests of the base has already. A manifest
/// that was looked at for the same change before is not read again.
task<> refuse_duplicates(table_context &context, std::shared_ptr<change> appending,
                         std::shared_ptr<const manifest_files> manifests, const table_metadata &base);

}  // namespace evodb
