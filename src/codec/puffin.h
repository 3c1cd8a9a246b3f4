#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace evodb {

using puffin_properties = std::vector<std::pair<std::string, std::string>>;

/// What a Puffin file's footer says of one of its blobs.
struct puffin_blob {
  std::string type;
  std::vector<std::int32_t> fields;     ///< field ids
  std::int64_t snapshot_id = -1;        ///< -1: inherited, of deletion vectors
  std::int64_t sequence_number = -1;    ///< the same
  std::int64_t offset = 0, length = 0;  ///< in the file, as stored
  std::string compression_codec;        ///< empty: none
  puffin_properties properties;
};

struct puffin_footer {
  std::vector<puffin_blob> blobs;
  puffin_properties properties;  ///< of the file
};

/// Where in its file the footer's magic and payload are, in bytes.
struct puffin_footer_extent {
  std::int64_t offset = 0, length = 0;
};

/// What a Puffin file ends with behind its footer's payload: the payload's size, flags and the magic.
inline constexpr std::int64_t puffin_tail_length = 12;
/// Longer footers are refused: 64 MiB are the vectors of some hundred thousand files.
inline constexpr std::int64_t max_puffin_footer_length = std::int64_t{64} << 20;

/// `last_bytes` are the file's last ones, at least puffin_tail_length of them. Throws CORRUPT naming the file where it is no
/// Puffin file or too short for its footer, UNSUPPORTED where the footer is compressed or has flags that are not known.
puffin_footer_extent find_puffin_footer(byte_view last_bytes, std::int64_t file_size, std::string_view file);

/// Decodes the bytes of that extent. Blobs lie within what is before it. Throws CORRUPT naming the file.
puffin_footer read_puffin_footer(byte_view footer, const puffin_footer_extent &at, std::string_view file);

/// Builds a Puffin file. Exclusive.
class puffin_writer {
 public:
  puffin_writer();

  /// Adds a blob, whose offset and length become those that it has in the file. Returns these facts; they live until the
  /// next one is added.
  const puffin_blob &add(puffin_blob facts, byte_view content);
  bytes finish() &&;

 private:
  bytes file_;
  std::vector<puffin_blob> blobs_;
};

}  // namespace evodb
