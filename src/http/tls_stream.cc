#include "http/tls_stream.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/openssl_scope.h"

namespace evodb {
namespace {

constexpr std::size_t buffer_bytes = 32 << 10;

std::string openssl_reason() {
  const unsigned long code = ERR_get_error();
  const char *text = code == 0 ? nullptr : ERR_reason_error_string(code);
  const std::string of_system = ERR_SYSTEM_ERROR(code) ? std::generic_category().message(ERR_GET_REASON(code)) : "";
  ERR_clear_error();
  if (!of_system.empty()) return of_system;
  return text == nullptr ? "no reason given" : text;
}

/// OpenSSL's state machine between two pieces of memory; what it wants sent or read goes over the stream beneath. So
/// every call of OpenSSL is short, and none is under way when the process takes OpenSSL down.
class tls_stream final : public byte_stream {
 public:
  tls_stream(std::shared_ptr<const tls_context> with, std::unique_ptr<byte_stream> beneath, std::string server_name)
      : context_(std::move(with)), beneath_(std::move(beneath)), server_name_(std::move(server_name)) {
    const openssl_scope open;
    ssl_ = SSL_new(context_->get());
    BIO *inside = nullptr;
    if (ssl_ == nullptr || BIO_new_bio_pair(&inside, 0, &outside_, 0) != 1) {
      SSL_free(ssl_);
      fail(status::RESOURCE_EXHAUSTED, "no memory for a TLS connection", server_name_);
    }
    SSL_set_bio(ssl_, inside, inside);
    SSL_set_connect_state(ssl_);
    boost::system::error_code no_address;
    boost::asio::ip::make_address(server_name_, no_address);
    const bool is_address = !no_address;
    if (is_address) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), server_name_.c_str());
    } else {
      SSL_set_tlsext_host_name(ssl_, server_name_.c_str());
      SSL_set1_host(ssl_, server_name_.c_str());
    }
  }

  ~tls_stream() override {
    try {
      const openssl_scope open;
      SSL_free(ssl_);
      BIO_free(outside_);
    } catch (const error &) {
      // The process ends: its memory goes with it.
    }
  }

  task<> shake_hands() {
    co_await drive([this] { return SSL_do_handshake(ssl_); });
    co_await flush();
  }

  task<> write(std::string_view all) override {
    while (!all.empty()) {
      std::size_t taken = 0;
      co_await drive([&] { return SSL_write_ex(ssl_, all.data(), std::min(all.size(), buffer_bytes), &taken); });
      all.remove_prefix(taken);
      co_await flush();
    }
  }

  task<std::size_t> read_some(std::span<char> into) override {
    std::size_t count = 0;
    co_await drive([&] { return SSL_read_ex(ssl_, into.data(), into.size(), &count); });
    co_return count;
  }

  bool is_stale() noexcept override {
    const bool has_unread = SSL_has_pending(ssl_) == 1 || BIO_ctrl_pending(SSL_get_rbio(ssl_)) > 0;
    return has_unread || beneath_->is_stale();
  }

 private:
  /// Repeats a call of OpenSSL until it is done, or the other side has ended as TLS wants it.
  template <typename Call>
  task<> drive(Call call) {
    for (;;) {
      int wanted = SSL_ERROR_NONE;
      {
        const openssl_scope open;
        ERR_clear_error();
        const int result = call();
        if (result == 1) co_return;
        wanted = SSL_get_error(ssl_, result);
        if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE && wanted != SSL_ERROR_ZERO_RETURN)
          refuse();
      }
      if (wanted == SSL_ERROR_ZERO_RETURN) co_return;
      co_await flush();
      if (wanted == SSL_ERROR_WANT_READ) co_await fill();
    }
  }

  [[noreturn]] void refuse() {
    const long verified = SSL_get_verify_result(ssl_);
    if (verified != X509_V_OK)
      fail(status::ACCESS_DENIED,
           fmt::format("the server's certificate is not trusted for {}: {}; {}", server_name_,
                       X509_verify_cert_error_string(verified), way_out_of(verified)),
           server_name_);
    const int reason = ERR_GET_REASON(ERR_peek_error());
    if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)
      fail(status::INVALID_ARGUMENT,
           fmt::format("{} does not speak TLS on that port: is the endpoint one of http://, or the port another?",
                       server_name_),
           server_name_);
    fail(status::STORAGE_UNAVAILABLE, fmt::format("TLS with {} failed: {}", server_name_, openssl_reason()),
         server_name_);
  }

  static const char *way_out_of(long verified) noexcept {
    switch (verified) {
      case X509_V_ERR_HOSTNAME_MISMATCH:
      case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "it is another host's: check the endpoint, and storage.path-style";
      case X509_V_ERR_CERT_NOT_YET_VALID:
      case X509_V_ERR_CERT_HAS_EXPIRED:
        return "is this machine's clock right?";
      default:
        return "give the file of those that issued it as storage.ca-file or AWS_CA_BUNDLE, or install the system's "
               "(package ca-certificates)";
    }
  }

  task<> flush() {
    for (;;) {
      std::size_t count = 0;
      {
        const openssl_scope open;
        if (BIO_read_ex(outside_, buffer_.data(), buffer_.size(), &count) != 1) co_return;
      }
      co_await beneath_->write(std::string_view(buffer_.data(), count));
    }
  }

  task<> fill() {
    char *into = nullptr;
    int room = 0;
    {
      const openssl_scope open;
      room = BIO_nwrite0(outside_, &into);
    }
    if (room <= 0) fail(status::INTERNAL, "a TLS connection takes no bytes", server_name_);
    const std::size_t count = co_await beneath_->read_some(std::span<char>(into, static_cast<std::size_t>(room)));
    const openssl_scope open;
    if (count == 0)
      fail(status::STORAGE_UNAVAILABLE, fmt::format("{} ended the connection without notice", server_name_),
           server_name_);
    BIO_nwrite(outside_, &into, static_cast<int>(count));
  }

  const std::shared_ptr<const tls_context> context_;
  const std::unique_ptr<byte_stream> beneath_;
  const std::string server_name_;
  SSL *ssl_ = nullptr;
  BIO *outside_ = nullptr;
  std::array<char, buffer_bytes> buffer_;
};

}  // namespace

tls_context::tls_context(const std::string &ca_file) {
  const openssl_scope open;
  context_ = SSL_CTX_new(TLS_client_method());
  if (context_ == nullptr) fail(status::RESOURCE_EXHAUSTED, "no memory for TLS");
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  const bool is_loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context_) == 1
                                         : SSL_CTX_load_verify_file(context_, ca_file.c_str()) == 1;
  if (is_loaded) return;
  const std::string reason = openssl_reason();
  SSL_CTX_free(context_);
  fail(status::INVALID_ARGUMENT,
       fmt::format("no certificates to trust in {} (storage.ca-file, AWS_CA_BUNDLE): {}", ca_file, reason), ca_file);
}

tls_context::~tls_context() {
  try {
    const openssl_scope open;
    SSL_CTX_free(context_);
  } catch (const error &) {
    // The process ends.
  }
}

task<std::unique_ptr<byte_stream>> begin_tls(std::shared_ptr<const tls_context> with,
                                             std::unique_ptr<byte_stream> beneath, std::string server_name) {
  auto made = std::make_unique<tls_stream>(std::move(with), std::move(beneath), std::move(server_name));
  co_await made->shake_hands();
  co_return std::unique_ptr<byte_stream>(std::move(made));
}

}  // namespace evodb
