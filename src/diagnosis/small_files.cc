#include "diagnosis/small_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"

namespace evodb {
namespace {

/// Over a network that takes 100 MB a second, a round trip of 80 ms is worth eight.
constexpr std::int64_t small_file_bytes = std::int64_t{8} << 20;
constexpr std::int64_t many_small_files = 50;
constexpr std::size_t most_manifests = 12;  // a diagnosis is quick, however large the table
constexpr std::size_t concurrent_samples = 8;

struct file_counts {
  std::int64_t small = 0;
  std::int64_t all = 0;
};

task<file_counts> count_files(table_context &context, const manifest_file &listed, const table_metadata &metadata) {
  const partition_spec *spec = metadata.find_spec(listed.partition_spec_id);
  if (spec == nullptr) {
    fail(status::CORRUPT, fmt::format("its partition spec {} is none of the table's", listed.partition_spec_id),
         listed.manifest_path);
  }
  const std::vector<type> types = result_types(*spec, *metadata.current_schema());
  manifest_columns_wanted wanted;
  const auto entries = co_await read_manifest_of(context, listed, *spec, types, wanted);
  auto count = [&] {
    file_counts found;
    for (std::size_t row = 0; row < entries->size(); ++row) {
      if (!entries->is_live(row)) continue;
      ++found.all;
      found.small += entries->files.file_sizes[row] < small_file_bytes;
    }
    return found;
  };
  co_return co_await run_on(context.runtime().cpu(), count);
}

}  // namespace

task<health_check> diagnose_small_files(std::shared_ptr<table_context> of,
                                        std::shared_ptr<const table_metadata> metadata,
                                        std::vector<manifest_file> manifests) {
  health_check one("small-files");
  std::erase_if(manifests, [](const manifest_file &each) { return each.content != manifest_content::data; });
  const std::size_t count = manifests.size();
  const std::size_t looked_at = std::min(count, most_manifests);
  const auto is_larger = [](const manifest_file &a, const manifest_file &b) { return a.live_files() > b.live_files(); };
  std::partial_sort(manifests.begin(), manifests.begin() + static_cast<std::ptrdiff_t>(looked_at), manifests.end(),
                    is_larger);
  std::vector<file_counts> counted(looked_at);
  try {
    std::function<task<>(std::size_t)> body = [&](std::size_t i) -> task<> {
      counted[i] = co_await count_files(*of, manifests[i], *metadata);
    };
    co_await for_each_concurrently(looked_at, concurrent_samples, std::move(body));
    file_counts all;
    for (const file_counts &each : counted) all.small += each.small, all.all += each.all;
    one.with(all.small);
    const std::string where = looked_at < count ? fmt::format(" in the {} largest manifests", looked_at) : "";
    if (all.small > many_small_files)
      one.say(
          fmt::format("{} of {} data files{} are smaller than {} MiB: each costs a scan about as much as a large one; "
                      "write more rows "
                      "to a file",
                      all.small, all.all, where, small_file_bytes >> 20));
  } catch (const error &wrong) {
    one.fail(sentence_of(wrong));
  }
  co_return one;
}

}  // namespace evodb
