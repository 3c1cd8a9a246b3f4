#pragma once

#include <memory>
#include <string_view>

#include "io/memory_stores.h"
#include "io/s3/s3_options.h"
#include "io/storage.h"

namespace evodb {

/// Opens "s3://bucket/prefix" (or "r2://"), "memory://name", a local folder or a file URI; sends no request. Throws
/// INVALID_ARGUMENT on what is wrong, UNSUPPORTED on another scheme. `in_memory`: where "memory://name" is found; null:
/// nowhere, it is a new one.
std::shared_ptr<const storage> open_storage(std::shared_ptr<runtime> environment, std::string_view text,
                                            s3_options of_bucket = {}, memory_stores *in_memory = nullptr);

}  // namespace evodb
