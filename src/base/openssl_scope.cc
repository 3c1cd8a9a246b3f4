#include "base/openssl_scope.h"

#include <openssl/crypto.h>
#include <pthread.h>

#include <cstdlib>
#include <new>

#include "base/error.h"

namespace evodb {
namespace {

struct exit_gate {
  std::shared_mutex mutex;
  bool is_closed = false;
};

/// Never destroyed: it outlives static destructors.
exit_gate &gate() {
  static auto *const made = new exit_gate;
  return *made;
}

/// Once for the process and all its forks, which inherit the handlers.
void register_handlers() {
  // Its exit handler first, since they run in reverse order. Asked for nothing, it would not register it yet.
  OPENSSL_init_crypto(OPENSSL_INIT_ADD_ALL_DIGESTS, nullptr);
  std::atexit([] {
    const std::lock_guard closing(gate().mutex);
    gate().is_closed = true;
  });
  // Scopes that other threads have open are copied by a fork, and the threads are not.
  ::pthread_atfork(nullptr, nullptr, [] { new (&gate()) exit_gate; });
}

}  // namespace

void openssl_scope::prepare_process() {
  static std::once_flag once;
  std::call_once(once, register_handlers);
}

openssl_scope::openssl_scope() {
  prepare_process();
  open_ = std::shared_lock(gate().mutex);
  if (gate().is_closed) fail(status::CANCELLED, "the process is exiting");
}

}  // namespace evodb
