#include "codec/deflate.h"
#include "finding.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  constexpr std::size_t limit = 1 << 20;
  const std::string_view text = fuzz::text_of(data, size);
  const auto inflated = fuzz::attempt([&] { return gunzip(text, limit, "fuzz"); }, {status::CORRUPT});
  if (inflated) fuzz::require(inflated->size() <= limit, "the limit is kept");
  fuzz::require(gunzip(deflater(1).gzip(text), size, "written") == text, "what is compressed is read back");
  return 0;
}
