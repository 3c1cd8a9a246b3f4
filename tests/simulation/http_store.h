#pragma once

#include <chrono>
#include <memory>

#include "http/http_client.h"
#include "io/object_store.h"
#include "simulation/network.h"
#include "simulation/simulated_runtime.h"

namespace evodb::simulation {

struct http_limits {
  http_client::limits of_a_try;
  std::chrono::nanoseconds retry_budget = std::chrono::seconds(60);
};

/// The bucket as a process reaches it in production: by the library's own S3 client over HTTP, with its pool, its tries
/// and its limits. Only connections are played: what is written to one goes through the network as a request.
std::shared_ptr<object_store> make_http_store(network &through, std::shared_ptr<simulated_runtime> of,
                                              const http_limits &within = {});

}  // namespace evodb::simulation
