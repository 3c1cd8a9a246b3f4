#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace evodb {

/// A coroutine that may wait. It runs on one executor, which is one thread (or the simulator), from its start to its
/// end.
template <typename T = void>
using task = boost::asio::awaitable<T>;

using executor = boost::asio::any_io_executor;

}  // namespace evodb
