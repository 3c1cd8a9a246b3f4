#include "io/s3/listing_progress.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/hash.h"

namespace evodb {
namespace {

constexpr std::size_t most_found = 10'000'000;
constexpr std::size_t most_pages = 100'000;
constexpr std::size_t most_empty_pages = 100;  ///< in a row: what was deleted lately leaves some behind

}  // namespace

void listing_progress::check(const listing &page, std::string_view prefix, const std::string &next) {
  const auto belongs = [&](const std::string &key) { return key.starts_with(prefix); };
  for (const object_meta &one : page.objects)
    if (!belongs(one.key)) fail(status::CORRUPT, "the store lists objects that were not asked for", subject_);
  for (const std::string &one : page.common_prefixes)
    if (!belongs(one)) fail(status::CORRUPT, "the store lists folders that were not asked for", subject_);
  const std::size_t count = page.objects.size() + page.common_prefixes.size();
  found_ += count;
  empty_pages_ = count == 0 ? empty_pages_ + 1 : 0;
  if (found_ > most_found)
    fail(status::RESOURCE_EXHAUSTED, fmt::format("there are more than {} objects; list a smaller part", most_found),
         subject_);
  if (next.empty()) return;
  const bool is_new = tokens_.insert(sha256(next)).second;
  if (!is_new || tokens_.size() > most_pages)
    fail(status::CORRUPT, "the store's listing repeats itself and never ends", subject_);
  if (empty_pages_ > most_empty_pages) {
    fail(status::CORRUPT,
         fmt::format("the store's listing goes on and on without an object: {} empty pages in a row", empty_pages_),
         subject_);
  }
}

}  // namespace evodb
