#include "table/manifests/snapshot_manifests.h"

#include <string>
#include <utility>

#include "codec/manifest_list.h"
#include "runtime/run_on.h"
#include "table/manifests/manifests_in_metadata.h"

namespace evodb {

task<std::shared_ptr<const manifest_files>> manifests_of(table_context &context, std::shared_ptr<const snapshot> of) {
  if (!of) co_return std::make_shared<const manifest_files>();
  if (of->manifest_list.empty()) co_return std::make_shared<const manifest_files>(manifests_in_metadata(*of));
  if (std::shared_ptr<const manifest_files> kept = context.kept_manifests(of->manifest_list)) co_return kept;
  const std::string key = context.storage()->key_of(of->manifest_list);
  object found = co_await get_whole(context.storage()->store(), key, largest_manifest_list_bytes);
  auto decode = [&] {
    return std::make_shared<const manifest_files>(
        read_manifest_list(found.body, of->manifest_list, context.runtime().memory()));
  };
  std::shared_ptr<const manifest_files> manifests = co_await run_on(context.runtime().cpu(), decode);
  context.keep_manifests(of->manifest_list, manifests);
  co_return manifests;
}

}  // namespace evodb
