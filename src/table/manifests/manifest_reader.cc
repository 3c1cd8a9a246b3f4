#include "table/manifests/manifest_reader.h"

#include <fmt/format.h>

#include "runtime/run_on.h"

namespace evodb {
namespace {}  // namespace

task<std::shared_ptr<const manifest_entries>> read_manifest_of(table_context &context, const manifest_file &listed,
                                                               const partition_spec &spec,
                                                               const std::vector<type> &partition_types,
                                                               const manifest_columns_wanted &wanted) {
  const std::string &path = listed.manifest_path;
  memory_budget &budget = context.runtime().memory();
  // What the list says of its length may be absent or wrong.
  const bool is_plausible = listed.manifest_length >= 0 && listed.manifest_length <= largest_manifest_bytes;
  memory_budget::reservation held = budget.reserve(is_plausible ? listed.manifest_length : 0);
  object file = co_await get_whole(context.storage()->store(), context.storage()->key_of(path), largest_manifest_bytes);
  if (!is_plausible) held = budget.reserve(static_cast<std::int64_t>(file.body.size()));
  auto decode = [&] {
    return std::make_shared<const manifest_entries>(
        read_manifest(file.body, listed, spec, partition_types, wanted, budget));
  };
  co_return co_await run_on(context.runtime().cpu(), decode);
}

}  // namespace evodb
