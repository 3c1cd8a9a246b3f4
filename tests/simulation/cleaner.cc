#include "simulation/cleaner.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "catalog/filesystem/metadata_files.h"

namespace evodb::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t day_ms = 24 * 3600 * 1000;
constexpr std::int64_t versions_kept = 2;

}  // namespace

task<> clean_once(process &self) {
  object_store &store = self.tables->storage()->store();
  const std::string folder = fmt::format("{}/{}", table_name, metadata_folder);
  std::string hint_key = fmt::format("{}/{}", folder, version_hint_name);
  const byte_range everything{0, -1};
  const std::optional<object> hint = co_await store.get(std::move(hint_key), everything);
  if (!hint) co_return;
  std::int64_t hinted = 0;
  std::from_chars(hint->body.data(), hint->body.data() + hint->body.size(), hinted);
  list_options options;
  options.prefix = folder + "/v";
  const listing found = co_await store.list(std::move(options));
  std::map<std::int64_t, object_meta> versions;
  for (const object_meta &meta : found.objects) {
    const auto name = parse_metadata_file_name(meta.key.substr(meta.key.rfind('/') + 1));
    if (name) versions[name->version] = meta;
  }
  if (versions.empty()) co_return;
  const std::int64_t newest = versions.rbegin()->first;
  for (const auto &[version, meta] : versions) {
    const bool is_old = *hint->server_now_ms - meta.last_modified_ms > day_ms;
    if (!is_old || version >= newest - versions_kept || version >= hinted) co_return;
    std::vector<std::string> key{meta.key};
    co_await store.remove(std::move(key));
    std::string same = meta.key;
    const std::optional<object_meta> still = co_await store.head(std::move(same));
    if (still) co_return;
  }
}

task<> clean(std::shared_ptr<process> self, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const auto pause = self->environment->in().between(1min, 12h);
    co_await self->environment->sleep(pause);
    try {
      co_await clean_once(*self);
    } catch (const error &) {
      // The store does not answer; the next round goes on.
    }
  }
}

}  // namespace evodb::simulation
