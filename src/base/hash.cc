#include "base/hash.h"

#include <openssl/evp.h>

#include <bit>

#include "base/error.h"
#include "base/little_endian.h"
#include "base/openssl_scope.h"

namespace evodb {
namespace {

std::uint32_t scramble(std::uint32_t k) noexcept {
  return std::rotl(k * 0xcc9e2d51u, 15) * 0x1b873593u;
}

bytes digest(const EVP_MD *algorithm, byte_view data) {
  unsigned char result[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  const openssl_scope open;
  if (EVP_Digest(data.data(), data.size(), result, &length, algorithm, nullptr) != 1) {
    fail(status::INTERNAL, "OpenSSL refused to compute a digest", EVP_MD_get0_name(algorithm));
  }
  return bytes(reinterpret_cast<const char *>(result), length);
}

}  // namespace

std::int32_t murmur3(byte_view data) noexcept {
  std::uint32_t h = 0;
  const std::size_t whole = data.size() / 4 * 4;
  for (std::size_t i = 0; i < whole; i += 4) {
    h = std::rotl(h ^ scramble(load_le<std::uint32_t>(data.data() + i)), 13) * 5 + 0xe6546b64u;
  }
  std::uint32_t tail = 0;
  for (std::size_t i = data.size(); i > whole; --i) tail = tail << 8 | static_cast<unsigned char>(data[i - 1]);
  h ^= scramble(tail);  // scramble(0) is 0, so an empty tail changes nothing
  h ^= static_cast<std::uint32_t>(data.size());
  h = (h ^ h >> 16) * 0x85ebca6bu;
  h = (h ^ h >> 13) * 0xc2b2ae35u;
  return static_cast<std::int32_t>(h ^ h >> 16);
}

bytes md5(byte_view data) {
  return digest(EVP_md5(), data);
}
bytes sha256(byte_view data) {
  return digest(EVP_sha256(), data);
}

bytes hmac_sha256(byte_view key, byte_view data) {
  unsigned char result[EVP_MAX_MD_SIZE];
  std::size_t length = 0;
  const openssl_scope open;
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(),
                reinterpret_cast<const unsigned char *>(data.data()), data.size(), result, sizeof result,
                &length) == nullptr) {
    fail(status::INTERNAL, "OpenSSL refused to compute a message authentication code");
  }
  return bytes(reinterpret_cast<const char *>(result), length);
}

}  // namespace evodb
