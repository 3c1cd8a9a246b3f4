#include "runtime/signal_blocked_thread.h"

#include <pthread.h>
#include <signal.h>

#include <system_error>
#include <utility>

#include "base/error.h"

namespace evodb {
namespace {

/// A new thread begins with the mask of the one that makes it: nothing can be delivered to it before it would set its
/// own.
class signals_blocked {
 public:
  signals_blocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  signals_blocked(const signals_blocked &) = delete;
  signals_blocked &operator=(const signals_blocked &) = delete;
  ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace

std::thread start_signal_blocked_thread(const std::string &name, std::function<void()> body) {
  const signals_blocked here;
  try {
    std::thread started(std::move(body));
    pthread_setname_np(started.native_handle(), name.substr(0, 15).c_str());
    return started;
  } catch (const std::system_error &e) {
    fail(status::RESOURCE_EXHAUSTED, "the system gives no more threads", name);
  }
}

}  // namespace evodb
