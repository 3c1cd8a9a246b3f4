#pragma once

#include <memory>

#include "runtime/task.h"
#include "table/table_context.h"

namespace evodb {

/// A manifest list needs each manifest's length and counts. Where rows of another list lack them (version 1 did not
/// require counts), they are taken from the manifests. Throws UNSUPPORTED where a manifest does not say them either.
task<std::shared_ptr<const manifest_files>> complete_manifests(table_context &context,
                                                               std::shared_ptr<const manifest_files> listed);

}  // namespace evodb
