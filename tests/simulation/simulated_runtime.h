#pragma once

#include <boost/asio/execution_context.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>

#include "runtime/runtime.h"
#include "simulation/world.h"

namespace evodb::simulation {

/// The runtime of one process in a world: its threads are the world's one, its clock may be wrong.
class simulated_runtime final : public runtime {
 public:
  simulated_runtime(world &in, process_id of, std::chrono::milliseconds clock_error = {},
                    std::chrono::nanoseconds operation_limit = {});
  ~simulated_runtime() override;

  executor io() override { return get_executor(); }
  executor cpu() override { return get_executor(); }
  void start_blocking(std::function<void()> work) override;
  executor callbacks() override { return get_executor(); }
  int cpu_threads() const noexcept override { return 2; }
  std::int64_t now_ms() override { return world_.now_ms() + clock_error_.count(); }
  steady_time steady_now() override { return world_.now(); }
  task<> sleep(std::chrono::nanoseconds duration) override;
  void random(std::span<std::uint8_t> out) override;
  memory_budget &memory() noexcept override { return memory_; }
  std::chrono::nanoseconds operation_limit() const noexcept override { return operation_limit_; }
  event_sink *events() noexcept override { return listener; }
  bool owns_this_thread() const noexcept override { return true; }

  /// Its clock stands still for that long.
  void lose_time(std::chrono::milliseconds time) { clock_error_ -= time; }

  event_sink *listener = nullptr;  ///< takes the library's events

  world &in() noexcept { return world_; }
  process_id process() const noexcept { return process_; }

 private:
  struct context;
  executor get_executor();

  world &world_;
  const process_id process_;
  std::chrono::milliseconds clock_error_;
  const std::chrono::nanoseconds operation_limit_;
  memory_budget memory_{std::int64_t{1} << 30};
  std::unique_ptr<context> context_;
};

}  // namespace evodb::simulation
