#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

#include "http/byte_stream.h"

namespace evodb {

/// What every TLS connection of a store shares: the certificates that are trusted. TLS 1.2 and later. Any thread.
class tls_context {
 public:
  /// `ca_file`: certificates to trust in place of the system's (PEM); empty: the system's. Throws INVALID_ARGUMENT naming a
  /// file that cannot be used.
  explicit tls_context(const std::string &ca_file);
  ~tls_context();
  tls_context(const tls_context &) = delete;
  tls_context &operator=(const tls_context &) = delete;

  SSL_CTX *get() const noexcept { return context_; }

 private:
  SSL_CTX *context_ = nullptr;
};

/// TLS over another stream, after its handshake: the server has proved that it is `server_name` (a host's name or an
/// address). Throws ACCESS_DENIED when it has not, STORAGE_UNAVAILABLE when the handshake fails otherwise.
task<std::unique_ptr<byte_stream>> begin_tls(std::shared_ptr<const tls_context> with,
                                             std::unique_ptr<byte_stream> beneath, std::string server_name);

}  // namespace evodb
