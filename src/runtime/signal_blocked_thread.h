#pragma once

#include <functional>
#include <string>
#include <thread>

namespace evodb {

/// Starts a thread in which all signals are blocked, so that the program's handlers never run on a thread it does not
/// know. `name` is what debuggers and top(1) show, cut to 15 bytes. Throws RESOURCE_EXHAUSTED when the system gives no
/// more threads.
std::thread start_signal_blocked_thread(const std::string &name, std::function<void()> body);

}  // namespace evodb
