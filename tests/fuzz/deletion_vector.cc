#include "codec/deletion_vector.h"

#include <libdeflate.h>

#include "base/big_endian.h"
#include "finding.h"

using namespace evodb;

namespace {

void check(byte_view blob) {
  memory_budget budget(std::int64_t{4} << 20);
  {
    const auto decoded = fuzz::attempt([&] { return decode_deletion_vector(blob, "fuzz", budget).positions; },
                                       {status::CORRUPT, status::RESOURCE_EXHAUSTED});
    if (!decoded) return;
    const bytes encoded = encode_deletion_vector(*decoded);  // refuses what does not ascend
    fuzz::require(decode_deletion_vector(encoded, "fuzz", budget).positions == *decoded, "a vector is read back");
  }
  fuzz::require(budget.in_use() == 0, "the budget is given back");
}

}  // namespace

/// Once as it is, and once as what is behind the magic of a blob whose length and checksum are right.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  check(input);
  const bytes content = bytes("\xD1\xD3\x39\x64") + bytes(input);
  bytes blob;
  append_be32(blob, static_cast<std::uint32_t>(content.size()));
  blob += content;
  append_be32(blob, libdeflate_crc32(0, content.data(), content.size()));
  check(blob);
  return 0;
}
