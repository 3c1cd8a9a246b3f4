#include "http/loopback_server.h"

#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace evodb {

server_connection::~server_connection() {
  SSL_free(ssl_);
  ::close(socket_);
}

bool server_connection::shake_hands(SSL_CTX *as) {
  ssl_ = SSL_new(as);
  SSL_set_fd(ssl_, socket_);
  return SSL_accept(ssl_) == 1;
}

std::string server_connection::read_until(const std::string &end) {
  std::string text;
  char byte = 0;
  while (!text.ends_with(end)) {
    const auto count = ssl_ == nullptr ? ::recv(socket_, &byte, 1, 0) : SSL_read(ssl_, &byte, 1);
    if (count != 1) break;
    text += byte;
  }
  return text;
}

void server_connection::write(const std::string &text) {
  if (ssl_ == nullptr) [[maybe_unused]]
    const auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
  else
    SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
}

void server_connection::end_tls() {
  SSL_shutdown(ssl_);
}

loopback_server::loopback_server(std::function<void(server_connection &)> serve) {
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof here;
  auto *address = reinterpret_cast<sockaddr *>(&here);
  if (::bind(listening_, address, length) != 0 || ::listen(listening_, 16) != 0 ||
      ::getsockname(listening_, address, &length) != 0)
    throw std::runtime_error("no port to listen on");
  port_ = ntohs(here.sin_port);
  thread_ = std::thread([this, serve = std::move(serve)] {
    for (;;) {
      const int accepted = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0) return;
      server_connection connection(accepted);
      serve(connection);
    }
  });
}

loopback_server::~loopback_server() {
  ::shutdown(listening_, SHUT_RDWR);
  thread_.join();
  ::close(listening_);
}

server_identity::server_identity(const std::string &host) {
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME *name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  const std::string names = "DNS:" + host;
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate, key, EVP_sha256());
  context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(context, certificate);
  SSL_CTX_use_PrivateKey(context, key);
  char path[] = "/tmp/evodb-certificate-XXXXXX";
  const int file = ::mkstemp(path);
  FILE *out = ::fdopen(file, "w");
  PEM_write_X509(out, certificate);
  std::fclose(out);
  ca_file = path;
  X509_free(certificate);
  EVP_PKEY_free(key);
}

server_identity::~server_identity() {
  SSL_CTX_free(context);
  ::unlink(ca_file.c_str());
}

}  // namespace evodb
