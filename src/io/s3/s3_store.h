#pragma once

#include <memory>

#include "io/object_store.h"
#include "io/s3/s3_client.h"

namespace evodb {

/// A bucket of Cloudflare R2 or of another store that speaks S3 with conditional writes.
std::shared_ptr<object_store> make_s3_store(std::shared_ptr<runtime> environment, std::shared_ptr<http_client> client,
                                            s3_settings settings);

}  // namespace evodb
