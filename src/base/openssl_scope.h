#pragma once

#include <mutex>
#include <shared_mutex>

namespace evodb {

/// While it lives, OpenSSL may be used. OpenSSL takes its tables down in an exit handler, when threads of ours may
/// still compute, which would crash a process on its way out: from then on the constructor throws CANCELLED, and the
/// handler waits for the scopes that are open.
class openssl_scope {
 public:
  openssl_scope();

  /// Registers the handler; idempotent. To be called before threads are started: what a thread registers while the
  /// process exits may come too late.
  static void prepare_process();

 private:
  std::shared_lock<std::shared_mutex> open_;
};

}  // namespace evodb
