#include "table/operations/delete_plan.h"

#include <fmt/format.h>

#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include "base/error.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"
#include "table/manifests/snapshot_manifests.h"
#include "table/snapshots/file_matcher.h"
#include "table/snapshots/snapshot_summary.h"

namespace evodb {
namespace {

std::vector<affected_file> affected_among(const inherited_entries &entries, file_matcher &matcher) {
  const data_files &files = entries->files;
  std::vector<std::uint8_t> possible(entries->size());
  for (std::size_t row = 0; row < entries->size(); ++row) possible[row] = entries->is_live(row) ? 1 : 0;
  matcher.keep_possible(files, possible);
  std::vector<std::uint8_t> whole = possible;
  matcher.keep_covered(files, whole);
  std::vector<affected_file> found;
  for (std::size_t row = 0; row < entries->size(); ++row) {
    if (possible[row] == 0) continue;
    affected_file one;
    one.path = std::string(files.path(row));
    one.is_whole = whole[row] != 0;
    one.record_count = files.record_counts[row];
    found.push_back(std::move(one));
  }
  return found;
}

}  // namespace

task<std::vector<affected_file>> plan_delete(table of, predicate_ptr filter, std::string branch) {
  const table_metadata &base = *of.base().metadata;
  if (branch != table_metadata::main_branch && !base.refs.contains(branch))
    fail(status::NOT_FOUND, fmt::format("the table has no branch {}", branch), base.location);
  table_context &context = *of.context();
  file_matcher matcher = file_matcher::with_rows_of(filter, base);
  const std::shared_ptr<const manifest_files> listed = co_await manifests_of(context, head_of(base, branch));
  std::vector<const manifest_file *> candidates;
  for (const manifest_file &one : *listed) {
    if (one.content == manifest_content::data && matcher.may_be_in(one)) candidates.push_back(&one);
  }
  std::vector<std::vector<affected_file>> by_manifest(candidates.size());
  const manifest_columns_wanted wanted = matcher.wanted();
  std::function<task<>(std::size_t)> look = [&](std::size_t i) -> task<> {
    const spec_pruning &as = *matcher.pruning(candidates[i]->partition_spec_id);
    const inherited_entries entries =
        co_await read_manifest_of(context, *candidates[i], as.spec(), as.partition_types(), wanted);
    auto find = [&] { by_manifest[i] = affected_among(entries, matcher); };
    co_await run_on(context.runtime().cpu(), find);
  };
  co_await for_each_concurrently(candidates.size(), concurrent_manifest_reads, std::move(look));
  std::vector<affected_file> all;
  for (std::vector<affected_file> &some : by_manifest) std::move(some.begin(), some.end(), std::back_inserter(all));
  co_return all;
}

}  // namespace evodb
