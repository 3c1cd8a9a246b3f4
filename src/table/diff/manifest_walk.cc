#include "table/diff/manifest_walk.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>
#include <vector>

#include "expression/bind.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"

namespace evodb {
namespace {

/// Of manifests that are read at a time; a larger one is read alone.
constexpr std::int64_t most_bytes_at_a_time = std::int64_t{16} << 20;

bound_ptr every_file(const table_metadata &metadata) {
  return evodb::bind(always_true(), *metadata.current_schema(), false);
}

}  // namespace

manifest_walk::manifest_walk(table of, std::shared_ptr<const manifest_files> manifests, manifest_columns_wanted wanted)
    : of_(std::move(of)),
      manifests_(std::move(manifests)),
      wanted_(std::move(wanted)),
      specs_(*of_.metadata(), every_file(*of_.metadata())) {}

task<std::optional<manifest_walk::walked>> manifest_walk::next() {
  while (ready_.empty() && next_ < manifests_->size()) co_await read_some();
  if (ready_.empty()) co_return std::nullopt;
  std::optional<walked> first = std::move(ready_.front());
  ready_.pop_front();
  co_return first;
}

task<> manifest_walk::read_some() {
  std::vector<walked> some;
  std::int64_t bytes = 0;
  for (; next_ < manifests_->size() && some.size() < concurrent_manifest_reads; ++next_) {
    const manifest_file &listed = (*manifests_)[next_];
    if (wanted_.live_only && !listed.has_live_files()) continue;
    const std::int64_t length = std::clamp<std::int64_t>(listed.manifest_length, 0, largest_manifest_bytes);
    if (!some.empty() && bytes + length > most_bytes_at_a_time) break;
    bytes += length;
    walked &one = some.emplace_back();
    one.listed = &listed;
    one.spec = specs_.of(listed.partition_spec_id);
  }
  auto read_one = [&](std::size_t i) -> task<> {
    walked &one = some[i];
    const partition_spec &spec = one.spec->spec();
    const std::vector<type> &types = one.spec->partition_types();
    if (wanted_.live_only) {
      one.entries = co_await read_manifest_of(*of_.context(), *one.listed, spec, types, wanted_);
    } else {
      stored_manifest read = co_await read_stored_manifest(*of_.context(), *one.listed, spec, types, wanted_);
      one.entries = std::move(read.entries);
    }
  };
  std::function<task<>(std::size_t)> body = read_one;
  co_await for_each_concurrently(some.size(), concurrent_manifest_reads, std::move(body));
  std::move(some.begin(), some.end(), std::back_inserter(ready_));
}

}  // namespace evodb
