#include "io/r2/socket_dialer.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "io/r2/http_exchange.h"
#include "io/r2/tcp_stream.h"

namespace evodb::r2 {
namespace {

constexpr std::int64_t largest_proxy_refusal = 64 << 10;

/// Asks a proxy for a way through to the host.
task<> pass_through(byte_stream &to_proxy, const proxy &by, std::string host, std::uint16_t port) {
  if (host.find(':') != host.npos) host = "[" + host + "]";
  http_request request;
  request.method = "CONNECT";
  request.path = fmt::format("{}:{}", host, port);
  request.headers = {{"Host", request.path}};
  if (!by.authorization.empty())
    request.headers.emplace_back("Proxy-Authorization", "Basic " + to_base64(by.authorization));
  exchange_progress progress;
  const http_answer answer = co_await exchange(to_proxy, request, largest_proxy_refusal, progress);
  if (answer.status / 100 == 2) co_return;
  const char *way_out = "";
  if (answer.status == 407)
    way_out = by.authorization.empty() ? "; it wants a user and a password: http://USER:PASSWORD@HOST:PORT"
                                       : "; it does not accept the user and the password there";
  else if (answer.status / 100 == 4)
    way_out = "; where the host is reached without a proxy, add it to no_proxy";
  const bool may_pass = answer.status / 100 == 5 || answer.status == 429;
  fail(
      may_pass ? status::STORAGE_UNAVAILABLE : status::ACCESS_DENIED,
      fmt::format("the proxy {} ({}) answered {} for {}{}", by.host, by.named_by, answer.status, request.path, way_out),
      by.host);
}

}  // namespace

task<std::unique_ptr<byte_stream>> socket_dialer::connect(std::string host, std::uint16_t port) {
  name_resolver::addresses found = co_await names_.resolve(host);
  std::unique_ptr<byte_stream> made;
  std::exception_ptr failed;
  try {
    made = co_await connect_tcp(std::move(found), port, host);
  } catch (const error &) {
    failed = std::current_exception();
  }
  if (!failed) co_return made;
  names_.forget(host);
  std::rethrow_exception(failed);
}

task<std::unique_ptr<byte_stream>> socket_dialer::connect_to_proxy(proxy by) {
  try {
    std::string host = by.host;
    co_return co_await connect(std::move(host), by.port);
  } catch (const error &failed) {
    fail(failed.code(), fmt::format("the proxy that {} names: {}", by.named_by, failed.message()), failed.subject());
  }
}

task<std::unique_ptr<byte_stream>> socket_dialer::dial(endpoint to) {
  std::string server = to.server_name();
  const std::optional<proxy> by = find_proxy(server, to.port, to.is_tls, variables_);
  std::unique_ptr<byte_stream> made;
  if (by) {
    proxy named = *by;
    made = co_await connect_to_proxy(std::move(named));
    std::string host = server;
    co_await pass_through(*made, *by, std::move(host), to.port);
  } else {
    std::string host = server;
    made = co_await connect(std::move(host), to.port);
  }
  if (!to.is_tls) co_return made;
  auto with = tls_;
  try {
    co_return co_await begin_tls(std::move(with), std::move(made), std::move(server));
  } catch (const error &failed) {
    if (!by) throw;
    fail(failed.code(), fmt::format("through the proxy that {} names: {}", by->named_by, failed.message()),
         failed.subject());
  }
}

}  // namespace evodb::r2
