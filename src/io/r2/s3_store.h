#pragma once

#include <functional>
#include <memory>

#include "io/object_store.h"
#include "io/r2/http_client.h"
#include "io/r2/signature.h"

namespace evodb::r2 {

/// Gives credentials that are good now; may refresh them. Throws ACCESS_DENIED where there are none.
using credentials_source = std::function<task<credentials>()>;

struct s3_store_settings {
  std::string bucket;
  std::string region = "auto";
  credentials_source by;
  std::chrono::nanoseconds retry_budget = std::chrono::seconds(60);  ///< for one operation, all of its tries
};

/// A bucket of Cloudflare R2 or of another store that speaks S3 with conditional writes.
std::shared_ptr<object_store> make_s3_store(std::shared_ptr<runtime> environment, std::shared_ptr<http_client> client,
                                            s3_store_settings settings);

}  // namespace evodb::r2
