#include "codec/hadoop_checksum.h"

#include "finding.h"

using namespace evodb;

/// The first byte: how many of the rest are the checksum file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = fuzz::text_of(data + 1, size - 1);
  const std::size_t cut = std::min<std::size_t>(data[0], rest.size());
  contradicts(rest.substr(0, cut), rest.substr(cut));
  return 0;
}
