#pragma once

#include "base/location.h"

namespace evodb {

/// Throws INVALID_ARGUMENT where other engines would look elsewhere than at this file or folder: PyIceberg takes
/// locations for URLs ('#' and '?' end the path, tabs and line feeds are dropped) and refuses empty names between the
/// slashes of a bucket's keys, Hadoop takes a ':' in a local file's name for a scheme, and DuckDB takes a '"' in the
/// location of a table for a quote. A local table's folder has no percent-escapes: locations are never decoded, so that
/// the folder of a URL that has them would be made anew under another name.
void check_portable_file(const location &file);
void check_portable_table(const location &table);

}  // namespace evodb
