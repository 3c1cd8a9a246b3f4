#pragma once

#include <memory>

#include "io/object_store.h"

namespace evodb {

/// The local file system; keys are absolute paths without the leading slash, so that any `file:///` location is a key.
/// Folders are made as needed and durable before what they hold. An ETag is the MD5 of the content; heads, listings and
/// reads of a part have none. User metadata is not kept. Hidden beside a file "<name>" may lie ".<uuid>.tmp" (being
/// written, or left by a crash), ".<name>.lock" (once it was replaced), and Hadoop's ".<name>.crc" (deleted when the
/// file is written).
///
/// Puts exclude one another over processes, on file systems on which flock and exclusive rename or link do. remove is
/// not part of that: a put with if_match may bring back a file that is removed while it runs.
std::shared_ptr<object_store> make_local_store(std::shared_ptr<runtime> environment);

}  // namespace evodb
