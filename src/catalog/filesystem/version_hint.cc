#include "catalog/filesystem/version_hint.h"

#include <fmt/format.h>

#include <charconv>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "catalog/filesystem/metadata_files.h"

namespace evodb {

version_hint::version_hint(std::shared_ptr<const storage> where, const location &table)
    : storage_(std::move(where)), key_(table.child(metadata_folder).child(version_hint_name).key) {}

std::optional<std::int64_t> version_hint::parse(const bytes &text) noexcept {
  std::int64_t version = 0;
  const char *end = text.data() + text.size();
  while (end > text.data() && (end[-1] == '\n' || end[-1] == '\r' || end[-1] == ' ')) --end;
  const auto [stop, failed] = std::from_chars(text.data(), end, version);
  if (failed != std::errc() || stop != end || version < 1 || version > largest_version) return std::nullopt;
  return version;
}

error version_hint::misleading(const location &table, std::int64_t hint, std::int64_t newest) {
  return error(
      status::CORRUPT,
      fmt::format("the version hint names version {0}, which is not there: engines that follow it find no table, "
                  "and the newest version that is there is {1}; if version {0} was lost, bring it back; "
                  "otherwise write {1} into the hint, without a newline",
                  hint, newest),
      table.child(metadata_folder).child(version_hint_name).to_text());
}

task<std::optional<object>> version_hint::get() const {
  const byte_range first_bytes{0, longest_text};
  co_return co_await storage_->store().get(key_, first_bytes);
}

task<std::optional<std::int64_t>> version_hint::read() const {
  std::optional<object> found;
  try {
    found = co_await get();
  } catch (const error &unread) {
    // Only advice: what it would say is found without it, but not in a store that does not answer.
    if (unread.code() == status::STORAGE_UNAVAILABLE || unread.code() == status::CANCELLED) throw;
  }
  if (!found) co_return std::nullopt;
  co_return parse(found->body);
}

}  // namespace evodb
