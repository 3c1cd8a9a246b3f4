#include "codec/deflate.h"

#include <libdeflate.h>

#include <algorithm>
#include <new>
#include <string>

#include "base/error.h"

namespace evodb {
namespace {

constexpr std::size_t ignored_tail = 4;

}  // namespace

void inflater::free_decompressor::operator()(libdeflate_decompressor *d) const noexcept {
  libdeflate_free_decompressor(d);
}

void deflater::free_compressor::operator()(libdeflate_compressor *c) const noexcept {
  libdeflate_free_compressor(c);
}

inflater::inflater() : decompressor_(libdeflate_alloc_decompressor()) {
  if (!decompressor_) throw std::bad_alloc();
}

std::optional<std::size_t> inflater::inflate(byte_view compressed, char *to, std::size_t available) {
  std::size_t consumed = 0;
  std::size_t written = 0;
  switch (libdeflate_deflate_decompress_ex(decompressor_.get(), compressed.data(), compressed.size(), to, available,
                                           &consumed, &written)) {
    case LIBDEFLATE_SUCCESS:
      break;
    case LIBDEFLATE_INSUFFICIENT_SPACE:
      return std::nullopt;
    default:
      fail(status::CORRUPT, "deflate stream is damaged");
  }
  if (compressed.size() - consumed > ignored_tail) {
    fail(status::CORRUPT,
         "deflate stream ends before its block, bytes left: " + std::to_string(compressed.size() - consumed));
  }
  return written;
}

deflater::deflater(int level) : compressor_(libdeflate_alloc_compressor(std::clamp(level, 0, 12))) {
  if (!compressor_) throw std::bad_alloc();
}

void deflater::append_deflated(bytes &to, byte_view data) {
  const std::size_t start = to.size();
  to.resize(start + libdeflate_deflate_compress_bound(compressor_.get(), data.size()));
  const std::size_t written =
      libdeflate_deflate_compress(compressor_.get(), data.data(), data.size(), to.data() + start, to.size() - start);
  to.resize(start + written);
}

bytes deflater::gzip(byte_view data) {
  bytes result(libdeflate_gzip_compress_bound(compressor_.get(), data.size()), '\0');
  result.resize(libdeflate_gzip_compress(compressor_.get(), data.data(), data.size(), result.data(), result.size()));
  return result;
}

bytes gunzip(byte_view compressed, std::size_t limit, std::string_view subject) {
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor *)> decompressor(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (!decompressor) throw std::bad_alloc();
  if (compressed.empty()) fail(status::CORRUPT, "gzip file is empty", std::string(subject));

  bytes result;
  std::size_t size = 0;
  std::size_t available = std::min(limit, std::max<std::size_t>(compressed.size() * 4, 4096));
  while (!compressed.empty()) {
    result.resize(size + available);
    std::size_t consumed = 0;
    std::size_t written = 0;
    const auto outcome = libdeflate_gzip_decompress_ex(decompressor.get(), compressed.data(), compressed.size(),
                                                       result.data() + size, available, &consumed, &written);
    if (outcome == LIBDEFLATE_INSUFFICIENT_SPACE && size + available < limit) {
      available = std::min(limit - size, std::max<std::size_t>(available, 1024) * 4);
      continue;
    }
    if (outcome == LIBDEFLATE_INSUFFICIENT_SPACE) {
      fail(status::CORRUPT, "gzip file inflates to more bytes than the limit of " + std::to_string(limit),
           std::string(subject));
    }
    if (outcome != LIBDEFLATE_SUCCESS) fail(status::CORRUPT, "gzip file is damaged", std::string(subject));
    size += written;
    compressed.remove_prefix(consumed);
    available = std::min(limit - size, available);
  }
  result.resize(size);
  return result;
}

}  // namespace evodb
