#include "simulation/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "codec/manifest_list.h"
#include "codec/table_metadata_json.h"

namespace evodb::simulation {
namespace {

using namespace std::chrono_literals;

/// A reader that takes longer may find that what it had seen has expired.
constexpr std::int64_t longest_read_ms = 3600 * 1000;
constexpr std::size_t most_manifests_looked_at = 300;

task<std::optional<object>> get(process &self, std::string key) {
  const byte_range everything{0, -1};
  co_return co_await self.tables->storage()->store().get(std::move(key), everything);
}

task<std::string> read_once(process &self) {
  const std::int64_t begun_ms = self.environment->in().now_ms();
  const auto is_slow = [&] { return self.environment->in().now_ms() - begun_ms > longest_read_ms; };
  const std::string folder = fmt::format("{}/metadata/", table_name);
  const std::optional<object> hint = co_await get(self, folder + "version-hint.text");
  if (!hint || hint->body.empty()) co_return std::string();  // the answer may have been cut short
  std::int64_t version = std::stoll(hint->body);
  std::optional<object> metadata = co_await get(self, fmt::format("{}v{}.metadata.json", folder, version));
  if (!metadata) {
    // The hint may have moved on, and the clean-up with it.
    const std::optional<object> again = co_await get(self, folder + "version-hint.text");
    const bool has_moved = !again || again->body != hint->body;
    co_return has_moved || is_slow() ? std::string() : fmt::format("the hint says {}, which is not there", version);
  }
  for (;;) {
    std::optional<object> next = co_await get(self, fmt::format("{}v{}.metadata.json", folder, version + 1));
    if (!next) break;
    metadata = std::move(next);
    ++version;
  }
  const table_metadata table = read_table_metadata(metadata->body, "what a reader found");
  const auto current = table.current_snapshot();
  if (!current) co_return std::string();
  const std::shared_ptr<const storage> where = self.tables->storage();
  const std::optional<object> list = co_await get(self, where->key_of(current->manifest_list));
  if (!list) co_return is_slow() ? std::string() : fmt::format("v{} has no {}", version, current->manifest_list);
  const std::vector<manifest_file> manifests =
      read_manifest_list(list->body, current->manifest_list, self.environment->memory());
  // All of them, or as many by chance: a long history has thousands.
  const bool are_all_looked_at = manifests.size() <= most_manifests_looked_at;
  for (std::size_t i = 0; i < std::min(most_manifests_looked_at, manifests.size()); ++i) {
    const auto chosen =
        are_all_looked_at
            ? i
            : static_cast<std::size_t>(self.environment->in().below(static_cast<std::int64_t>(manifests.size())));
    const std::string &path = manifests[chosen].manifest_path;
    const std::string key = where->key_of(path);
    const std::optional<object_meta> there = co_await where->store().head(key);
    if (!there && !is_slow()) co_return fmt::format("v{} has no {}", version, path);
  }
  co_return std::string();
}

}  // namespace

task<> read(std::shared_ptr<process> self, int rounds, std::function<void(std::string)> violate) {
  for (int round = 0; round < rounds; ++round) {
    const auto pause = self->environment->in().between(1s, 6h);
    co_await self->environment->sleep(pause);
    std::string wrong;
    try {
      wrong = co_await read_once(*self);
      if (!wrong.empty()) wrong = co_await read_once(*self);  // it may have fallen between two steps of a clean-up
    } catch (const error &) {
      // The store does not answer, or an answer was cut short.
    }
    if (!wrong.empty()) violate("a reader: " + wrong);
  }
}

}  // namespace evodb::simulation
