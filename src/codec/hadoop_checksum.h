#pragma once

#include "base/bytes.h"

namespace evodb {

/// Whether a file that Hadoop's local file system keeps beside another (".<name>.crc": "crc", NUL, the bytes of a chunk
/// and each chunk's CRC-32, big-endian) is of another content than this one. Hadoop then refuses to read the file. It
/// ignores a checksum file that is none, and so does this.
bool contradicts(byte_view checksum_file, byte_view content);

}  // namespace evodb
