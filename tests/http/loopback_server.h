#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace evodb {

/// The server's side of one connection; blocking.
class server_connection {
 public:
  explicit server_connection(int socket) : socket_(socket) {}
  ~server_connection();
  server_connection(const server_connection &) = delete;
  server_connection &operator=(const server_connection &) = delete;

  bool shake_hands(SSL_CTX *as);                   ///< from here on with TLS
  std::string read_until(const std::string &end);  ///< as far as the client sends
  void write(const std::string &text);
  void end_tls();  ///< says that no more will come

 private:
  const int socket_;
  SSL *ssl_ = nullptr;
};

/// Listens on a port of this machine until destroyed, and serves one connection after another on a thread of its own.
class loopback_server {
 public:
  explicit loopback_server(std::function<void(server_connection &)> serve);
  ~loopback_server();
  std::uint16_t port() const noexcept { return port_; }

 private:
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// A key and a certificate for one host's name, signed by itself; also as a file to trust.
struct server_identity {
  explicit server_identity(const std::string &host);
  ~server_identity();
  server_identity(const server_identity &) = delete;
  server_identity &operator=(const server_identity &) = delete;

  SSL_CTX *context = nullptr;
  std::string ca_file;
};

}  // namespace evodb
