#include "model/span.h"

#include <limits>

#include "base/error.h"

namespace evodb {

span keep_in(bytes &arena, std::string_view text) {
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  constexpr std::size_t longest = std::numeric_limits<std::int32_t>::max();
  if (text.size() > longest || text.size() > most - arena.size()) {
    fail(status::RESOURCE_EXHAUSTED, "texts of a batch of data files pass 4 GiB");
  }
  const span kept{static_cast<std::uint32_t>(arena.size()), static_cast<std::int32_t>(text.size())};
  arena.append(text);
  return kept;
}

}  // namespace evodb
