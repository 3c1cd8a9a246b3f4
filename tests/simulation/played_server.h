#pragma once

#include <functional>
#include <string>
#include <vector>

#include "io/object_store.h"
#include "simulation/http_server.h"
#include "simulation/simulated_runtime.h"

namespace evodb::simulation {

/// A server that answers every request at once, in the words that a test gives it, and the library's S3 client before it in
/// virtual time.
class played_server {
 public:
  played_server();
  ~played_server() { in.drop_everything(); }
  played_server(const played_server &) = delete;
  played_server &operator=(const played_server &) = delete;

  /// Gives whole answers; the client sees the connection end when it waits for more.
  std::function<std::string(const received_request &)> answer;

  /// Runs until it has ended; throws what it throws.
  void run(std::function<task<>()> body);

  world in{1};
  std::shared_ptr<simulated_runtime> environment;
  std::shared_ptr<object_store> store;
  std::vector<received_request> asked;
  std::vector<steady_time> asked_at;
};

/// An answer with a length.
std::string answered(const std::string &status, const std::string &fields = {}, const std::string &body = {});
/// A refusal as stores write it.
std::string refused(const std::string &status, const std::string &code);

}  // namespace evodb::simulation
