#include "simulation/simulated_runtime.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "simulation/wait_in_world.h"

namespace evodb::simulation {

namespace asio = boost::asio;

/// What Asio wants an executor to belong to.
struct simulated_runtime::context : asio::execution_context {
  context(world &in, process_id of) : here(in), process(of) {}
  ~context() { shutdown(); }

  struct executor_type {
    context *where;
    asio::execution::blocking_t blocking = asio::execution::blocking.never;

    context &query(asio::execution::context_t) const noexcept { return *where; }
    asio::execution::blocking_t query(asio::execution::blocking_t) const noexcept { return blocking; }
    executor_type require(asio::execution::blocking_t::never_t never) const noexcept { return {where, never}; }
    executor_type require(asio::execution::blocking_t::possibly_t possibly) const noexcept { return {where, possibly}; }
    /// As a thread does: what is dispatched by its own work goes on at once.
    template <typename Handler>
    void execute(Handler handler) const {
      if (blocking == asio::execution::blocking.possibly && where->here.runs(where->process)) {
        std::move(handler)();
        return;
      }
      const auto shared = std::make_shared<Handler>(std::move(handler));
      where->here.post(where->process, [shared] { std::move (*shared)(); });
    }
    bool operator==(const executor_type &) const noexcept = default;
  };

  world &here;
  const process_id process;
};

simulated_runtime::simulated_runtime(world &in, process_id of, std::chrono::milliseconds clock_error,
                                     std::chrono::nanoseconds operation_limit)
    : world_(in),
      process_(of),
      clock_error_(clock_error),
      operation_limit_(operation_limit),
      context_(std::make_unique<context>(in, of)) {}

simulated_runtime::~simulated_runtime() = default;

void simulated_runtime::start_blocking(std::function<void()> work) {
  boost::asio::post(get_executor(), std::move(work));
}

executor simulated_runtime::get_executor() {
  return context::executor_type{context_.get(), asio::execution::blocking.possibly};
}

task<> simulated_runtime::sleep(std::chrono::nanoseconds duration) {
  std::function<void(waker)> begin = [&](waker wake) { world_.after(duration, process_, std::move(wake)); };
  co_await wait_in_world(world_, process_, std::move(begin));
}

void simulated_runtime::random(std::span<std::uint8_t> out) {
  for (std::uint8_t &byte : out) byte = static_cast<std::uint8_t>(world_.random());
}

}  // namespace evodb::simulation
