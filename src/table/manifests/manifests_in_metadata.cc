#include "table/manifests/manifests_in_metadata.h"

namespace evodb {

manifest_files manifests_in_metadata(const snapshot &of) {
  manifest_files listed;
  for (const std::string &path : of.manifests) {
    manifest_file &row = listed.emplace_back();
    row.manifest_path = path;
    row.manifest_length = manifest_file::unknown_length;
    row.added_snapshot_id = of.snapshot_id;
  }
  return listed;
}

}  // namespace evodb
