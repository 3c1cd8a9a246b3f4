#include "simulation/process.h"

#include <utility>

#include "simulation/http_store.h"

namespace evodb::simulation {
namespace {

std::shared_ptr<const storage> storage_of(network &through, const std::shared_ptr<simulated_runtime> &environment) {
  std::shared_ptr<object_store> store =
      through.is_http ? make_http_store(through, environment) : make_simulated_store(through, environment);
  location root = store->root();
  return std::make_shared<const storage>(environment, std::move(store), std::move(root));
}

}  // namespace

process::process(world &in, network &through, std::chrono::milliseconds clock_error)
    : id(in.new_process()),
      environment(std::make_shared<simulated_runtime>(in, id, clock_error)),
      tables(std::make_shared<open_tables>(storage_of(through, environment))) {}

std::shared_ptr<open_tables> process::new_tables() const {
  return std::make_shared<open_tables>(tables->storage());
}

}  // namespace evodb::simulation
