#include "filter_checks.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  if (const auto parsed = fuzz::attempt([&] { return parse_filter(text); }, {status::INVALID_FILTER}))
    fuzz::check_filter(*parsed);
  fuzz::attempt([&] { return parse_column(text); }, {status::INVALID_FILTER});
  fuzz::attempt([&] { return prefix_of_like(text); }, {status::INVALID_FILTER});
  return 0;
}
