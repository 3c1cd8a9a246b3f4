#include "finding.h"
#include "model/type.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const auto parsed = fuzz::attempt([&] { return type::parse(fuzz::text_of(data, size)); }, {status::INVALID_ARGUMENT});
  if (!parsed) return 0;
  fuzz::require(type::parse(parsed->to_text()) == *parsed, "a type's text reads back");
  return 0;
}
