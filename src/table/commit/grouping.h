#pragma once

#include <vector>

#include "table/commit_queue.h"

namespace evodb {

/// Under the line: a call and the others that wait, are not done and can be committed with it as one version, in the order
/// in which they came but for one application's keys, which go up.
std::vector<commit_queue::member> group_with(const commit_queue::member &first, const commit_queue &queue);

}  // namespace evodb
