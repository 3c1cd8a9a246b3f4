#pragma once

#include <string>

#include "table/table.h"

namespace evodb {

/// The branch is where another branch or tag is, whose line it is on; one that is not there is made. Throws NOT_FOUND
/// where there is no ref `to`, INVALID_ARGUMENT where `branch` is a tag or empty, CONFLICT where its snapshot is no
/// ancestor of the other's. Committed only while the branch is where it is in `of`.
table fast_forward(const table &of, std::string branch, const std::string &to);

}  // namespace evodb
