#include "parquet/schema_leaves.h"

namespace evodb {
namespace {

void collect_leaves(const schema_node &group, std::vector<std::string_view> &path, std::vector<schema_leaf> &leaves) {
  for (const schema_node &child : group.children) {
    path.push_back(child.name);
    if (child.physical) {
      leaves.push_back({&child, path});
    } else {
      collect_leaves(child, path, leaves);
    }
    path.pop_back();
  }
}

}  // namespace

std::vector<schema_leaf> leaves_of(const schema_node &root) {
  std::vector<std::string_view> path;
  std::vector<schema_leaf> leaves;
  collect_leaves(root, path, leaves);
  return leaves;
}

}  // namespace evodb
