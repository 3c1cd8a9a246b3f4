#include "catalog/filesystem/version_hint.h"

#include <charconv>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "catalog/filesystem/metadata_files.h"

namespace evodb {
namespace {

constexpr int most_tries = 5;
/// What is larger is no version: sums with it must not overflow.
constexpr std::int64_t largest_version = std::int64_t{1} << 53;

}  // namespace

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

task<std::optional<bytes>> version_hint::text() const {
  const byte_range first_bytes{0, 64};
  std::optional<object> found = co_await storage_->store().get(key_, first_bytes);
  if (!found) co_return std::nullopt;
  co_return std::move(found->body);
}

task<std::optional<std::int64_t>> version_hint::read() const {
  std::optional<bytes> found;
  try {
    found = co_await text();
  } catch (const error &) {
    // Only advice: what it would say is found without it.
  }
  if (!found) co_return std::nullopt;
  co_return parse(*found);
}

task<> version_hint::move_forward(std::int64_t version) const {
  auto body = std::make_shared<const bytes>(std::to_string(version));
  for (int tries = 0; tries < most_tries; ++tries) {
    try {
      const byte_range everything{0, -1};
      std::optional<object> found = co_await storage_->store().get(key_, everything);
      put_options options;
      options.content_type = "text/plain";
      if (found) {
        if (parse(found->body).value_or(0) >= version) co_return;
        options.condition = put_condition(put_condition::kind::if_match, found->meta.etag);
      } else {
        options.condition = put_condition(put_condition::kind::if_absent);
      }
      const put_outcome outcome = co_await storage_->store().put(key_, body, std::move(options));
      if (outcome.what != put_outcome::kind::exists) co_return;  // done; or refused, and the next commit moves it
    } catch (const std::exception &) {
      co_return;  // whatever broke: the commit that asks for this has landed, and must not seem to have failed
    }
  }
}

}  // namespace evodb
