#include "http/tcp_stream.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/error.h"

namespace evodb {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

[[noreturn]] void broken(const boost::system::error_code &why, std::string_view doing, const std::string &host) {
  if (why == asio::error::operation_aborted) fail(status::CANCELLED, "cancelled");
  fail(status::STORAGE_UNAVAILABLE, fmt::format("{} {}: {}", doing, host, why.message()), host);
}

class tcp_stream final : public byte_stream {
 public:
  tcp_stream(tcp::socket socket, std::string host) : socket_(std::move(socket)), host_(std::move(host)) {}

  task<> write(std::string_view all) override {
    boost::system::error_code wrong;
    co_await asio::async_write(socket_, asio::buffer(all), asio::redirect_error(asio::use_awaitable, wrong));
    if (wrong) broken(wrong, "could not send to", host_);
  }

  task<std::size_t> read_some(std::span<char> into) override {
    boost::system::error_code wrong;
    const std::size_t count = co_await socket_.async_read_some(asio::buffer(into.data(), into.size()),
                                                               asio::redirect_error(asio::use_awaitable, wrong));
    if (wrong == asio::error::eof) co_return 0;
    if (wrong) broken(wrong, "could not read from", host_);
    co_return count;
  }

  bool is_stale() noexcept override {
    char byte = 0;
    const ssize_t seen = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return seen >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
  }

 private:
  tcp::socket socket_;
  const std::string host_;
};

}  // namespace

task<std::unique_ptr<byte_stream>> connect_tcp(std::vector<asio::ip::address> addresses, std::uint16_t port,
                                               std::string host) {
  boost::system::error_code wrong = asio::error::host_not_found;
  for (const asio::ip::address &address : addresses) {
    tcp::socket socket(co_await asio::this_coro::executor);
    const tcp::endpoint to(address, port);
    co_await socket.async_connect(to, asio::redirect_error(asio::use_awaitable, wrong));
    if (wrong == asio::error::operation_aborted) break;
    if (wrong) continue;
    socket.set_option(tcp::no_delay(true), wrong);
    co_return std::make_unique<tcp_stream>(std::move(socket), std::move(host));
  }
  const std::string where = fmt::format("{}:{}", host, port);
  if (wrong == asio::error::connection_refused)
    fail(status::STORAGE_UNAVAILABLE,
         fmt::format("could not connect to {}: nothing listens there; are host and port right?", where), where);
  broken(wrong, "could not connect to", where);
}

}  // namespace evodb
