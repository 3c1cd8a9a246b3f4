#include "filter_checks.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const auto parsed =
      fuzz::attempt([&] { return parse_filter_json(fuzz::text_of(data, size)); }, {status::INVALID_FILTER});
  if (parsed) fuzz::check_filter(*parsed);
  return 0;
}
