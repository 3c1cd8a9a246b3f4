#pragma once

#include <string>
#include <vector>

#include "io/object_store.h"

namespace evodb {

/// Lists files below the file system's root, keys being paths without the leading slash. Names that start with a dot
/// are left out with all that is in them, as are links to folders unless they are only named (with a delimiter) or part
/// of the prefix: deleting what is listed must not reach elsewhere. A missing folder holds nothing. The call
/// blocks. Throws as system_failure says.
listing list_local_files(const list_options &options);

/// The temporary files directly in a folder (`prefix` is empty or ends with a slash) that were not given their target's
/// name yet, or never will be. Blocks and throws as above.
std::vector<object_meta> list_unpublished_files(const std::string &prefix);

}  // namespace evodb
