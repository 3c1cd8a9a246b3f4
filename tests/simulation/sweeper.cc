#include "simulation/sweeper.h"

#include <fmt/format.h>

#include <set>
#include <utility>
#include <vector>

#include "base/error.h"
#include "codec/manifest_list.h"
#include "table/open_table.h"

namespace evodb::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t largest_list_bytes = 1 << 20;
constexpr std::int64_t orphans_kept_ms = std::int64_t{3} * 24 * 3600 * 1000;

}  // namespace

task<> sweep_once(process &self) {
  // What is old is listed before what is referred to is read: nothing that is listed can be referred to anew.
  const std::shared_ptr<const storage> where = self.tables->storage();
  list_options options;
  options.prefix = fmt::format("{}/metadata/", table_name);
  const listing found = co_await where->store().list(std::move(options));
  const std::int64_t now_ms = self.environment->in().now_ms();
  std::set<std::string> old;
  for (const object_meta &meta : found.objects) {
    if (meta.key.ends_with(".avro") && now_ms - meta.last_modified_ms > orphans_kept_ms) old.insert(meta.key);
  }
  const table newest = co_await open_table(self.new_tables()->find(table_name));
  for (const auto &snapshot : newest.metadata()->snapshots) {
    const std::string key = where->key_of(snapshot->manifest_list);
    const object list = co_await get_whole(where->store(), key, largest_list_bytes);  // a part of it may read well, too
    old.erase(key);
    for (const manifest_file &manifest :
         read_manifest_list(list.body, snapshot->manifest_list, self.environment->memory())) {
      old.erase(where->key_of(manifest.manifest_path));
    }
  }
  if (old.empty()) co_return;
  std::vector<std::string> orphans(old.begin(), old.end());
  co_await where->store().remove(std::move(orphans));
}

task<> sweep(std::shared_ptr<process> self, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const auto pause = self->environment->in().between(1h, 36h);
    co_await self->environment->sleep(pause);
    try {
      co_await sweep_once(*self);
    } catch (const error &) {
      // The store does not answer, or a newer version was made meanwhile; the next round goes on.
    }
  }
}

}  // namespace evodb::simulation
