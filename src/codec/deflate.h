#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"

struct libdeflate_compressor;
struct libdeflate_decompressor;

namespace evodb {

/// Raw deflate (RFC 1951), as in blocks of Avro files. Reuse one for many blocks; one thread at a time.
class inflater {
 public:
  inflater();

  /// Inflates into `to` and returns how many bytes it wrote; nothing when they do not fit into `available`.
  /// Up to 4 bytes behind the stream are ignored: writers are about that leave parts of zlib's checksum there.
  /// Throws CORRUPT without a subject: the caller has the place.
  std::optional<std::size_t> inflate(byte_view compressed, char *to, std::size_t available);

 private:
  struct free_decompressor {
    void operator()(libdeflate_decompressor *d) const noexcept;
  };
  std::unique_ptr<libdeflate_decompressor, free_decompressor> decompressor_;
};

/// The inverse. `level` is libdeflate's, 0 to 12.
class deflater {
 public:
  explicit deflater(int level);
  void append_deflated(bytes &to, byte_view data);
  bytes gzip(byte_view data);

 private:
  struct free_compressor {
    void operator()(libdeflate_compressor *c) const noexcept;
  };
  std::unique_ptr<libdeflate_compressor, free_compressor> compressor_;
};

/// Inflates a gzip file of one or more members. Throws CORRUPT naming `subject` when it is no such file, its checksum
/// is wrong, or it inflates to more than `limit` bytes.
bytes gunzip(byte_view compressed, std::size_t limit, std::string_view subject);

}  // namespace evodb
