#include "codec/block_codec.h"

#include <libdeflate.h>
#include <snappy-c.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <new>
#include <string>

#include "base/big_endian.h"
#include "base/error.h"
#include "codec/deflate.h"

namespace evodb {
namespace {

class deflate_blocks : public block_decompressor {
 public:
  std::optional<std::size_t> decompress(byte_view compressed, char *to, std::size_t available) override {
    return inflater_.inflate(compressed, to, available);
  }

 private:
  inflater inflater_;
};

/// One frame or several. What a frame says of its size is not relied upon.
class zstandard_blocks : public block_decompressor {
 public:
  zstandard_blocks() : context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
  }

  std::optional<std::size_t> decompress(byte_view compressed, char *to, std::size_t available) override {
    const std::size_t written =
        ZSTD_decompressDCtx(context_.get(), to, available, compressed.data(), compressed.size());
    if (ZSTD_isError(written) == 0) return written;
    if (ZSTD_getErrorCode(written) == ZSTD_error_dstSize_tooSmall) return std::nullopt;
    fail(status::CORRUPT, "zstandard frame is damaged: " + std::string(ZSTD_getErrorName(written)));
  }

 private:
  struct free_context {
    void operator()(ZSTD_DCtx *context) const noexcept { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, free_context> context_;
};

/// A raw snappy block and then the CRC-32 of what it holds, big-endian.
class snappy_blocks : public block_decompressor {
 public:
  std::optional<std::size_t> decompress(byte_view compressed, char *to, std::size_t available) override {
    if (compressed.size() < checksum_size) fail(status::CORRUPT, "snappy block has no checksum");
    const byte_view block = compressed.substr(0, compressed.size() - checksum_size);
    std::size_t size = 0;
    if (snappy_uncompressed_length(block.data(), block.size(), &size) != SNAPPY_OK) corrupt();
    if (size > available) return std::nullopt;
    if (snappy_uncompress(block.data(), block.size(), to, &size) != SNAPPY_OK) corrupt();
    const std::uint32_t checksum = load_be32(compressed.data() + block.size());
    if (libdeflate_crc32(0, to, size) != checksum) fail(status::CORRUPT, "snappy block's checksum is wrong");
    return size;
  }

 private:
  static constexpr std::size_t checksum_size = 4;

  [[noreturn]] static void corrupt() { fail(status::CORRUPT, "snappy block is damaged"); }
};

}  // namespace

std::unique_ptr<block_decompressor> make_block_decompressor(std::string_view codec) {
  if (codec == "deflate") return std::make_unique<deflate_blocks>();
  if (codec == "zstandard") return std::make_unique<zstandard_blocks>();
  if (codec == "snappy") return std::make_unique<snappy_blocks>();
  return nullptr;
}

bool is_known_codec(std::string_view codec) noexcept {
  return codec == "null" || codec == "deflate" || codec == "zstandard" || codec == "snappy";
}

}  // namespace evodb
