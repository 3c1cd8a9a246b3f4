#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace evodb {

/// Murmur3, x86, 32 bit, seed 0: the hash of Iceberg's bucket transform (spec, appendix B).
std::int32_t murmur3(byte_view data) noexcept;

/// 16 raw bytes.
bytes md5(byte_view data);
/// 32 raw bytes.
bytes sha256(byte_view data);
bytes hmac_sha256(byte_view key, byte_view data);

}  // namespace evodb
