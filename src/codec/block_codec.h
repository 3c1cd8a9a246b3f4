#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace evodb {

/// What blocks of Avro files are compressed with (Avro specification, "Required Codecs", "Optional Codecs"). Reuse one
/// for many blocks; one thread at a time.
class block_decompressor {
 public:
  virtual ~block_decompressor() = default;

  /// Decompresses into `to` and returns how many bytes it wrote; nothing when they do not fit into `available`.
  /// Throws CORRUPT without a subject: the caller adds the place.
  virtual std::optional<std::size_t> decompress(byte_view compressed, char *to, std::size_t available) = 0;
};

/// By the name in an Avro file's header: "deflate", "zstandard", "snappy". Null for every other one, "null" among them,
/// which compresses nothing.
std::unique_ptr<block_decompressor> make_block_decompressor(std::string_view codec);
bool is_known_codec(std::string_view codec) noexcept;  ///< these and "null"

}  // namespace evodb
