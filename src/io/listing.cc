#include "io/listing.h"

#include <algorithm>
#include <utility>

namespace evodb {

listing make_listing(std::vector<object_meta> candidates, const list_options &options) {
  std::erase_if(candidates, [&](const object_meta &meta) {
    return !meta.key.starts_with(options.prefix) || meta.key <= options.start_after;
  });
  // std::string compares bytes as unsigned char, which is the order of UTF-8 code points.
  std::sort(candidates.begin(), candidates.end(),
            [](const object_meta &a, const object_meta &b) { return a.key < b.key; });
  listing result;
  std::int64_t left = options.limit;
  for (object_meta &meta : candidates) {
    if (left == 0) break;
    const std::size_t deeper =
        options.delimiter.empty() ? std::string::npos : meta.key.find(options.delimiter, options.prefix.size());
    if (deeper == std::string::npos) {
      result.objects.push_back(std::move(meta));
    } else {
      std::string folder = meta.key.substr(0, deeper + options.delimiter.size());
      const bool is_known = !result.common_prefixes.empty() && result.common_prefixes.back() == folder;
      if (is_known || folder <= options.start_after) continue;
      result.common_prefixes.push_back(std::move(folder));
    }
    --left;
  }
  return result;
}

}  // namespace evodb
