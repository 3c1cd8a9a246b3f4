#include "http/socket_dialer.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "http/http_exchange.h"
#include "http/tcp_stream.h"

namespace evodb {
namespace {

constexpr std::int64_t largest_proxy_refusal = 64 << 10;

std::string name_of(const proxy &by) {
  return fmt::format("the proxy {}:{} ({})", by.host, by.port, by.named_by);
}

/// Some answer to everything with a page of their own, such as one to log in with.
bool is_page_for_people(const http_answer &answer) {
  const std::string *length = answer.header("content-length");
  return is_page(answer) && ((length != nullptr && *length != "0") || answer.header("transfer-encoding") != nullptr);
}

/// What to do about an answer that is no way through.
std::string way_past_proxy(const http_answer &answer, const proxy &by) {
  if (answer.status == 407)
    return by.authorization.empty() ? "it wants a user and a password: http://USER:PASSWORD@HOST:PORT"
                                    : "it does not accept the user and the password there";
  if (answer.status / 100 <= 3) return "that is a page for people, to log in with perhaps, and no way through";
  if (answer.status == 405 || answer.status == 501)
    return fmt::format("it does not do CONNECT (is it an HTTP proxy, and {} the right port?)", by.port);
  if (answer.status / 100 == 5) return "it does not reach the host (is the endpoint right?)";
  return "it does not let this host through";
}

status code_of_proxy(const http_answer &answer) {
  if (answer.status == 405 || answer.status == 501) return status::UNSUPPORTED;
  const bool may_pass = answer.status / 100 == 5 || answer.status == 429;
  return may_pass ? status::STORAGE_UNAVAILABLE : status::ACCESS_DENIED;
}

/// Asks a proxy for a way through to the host.
task<> pass_through(byte_stream &to_proxy, const proxy &by, std::string host, std::uint16_t port,
                    dial_progress &so_far) {
  if (host.find(':') != host.npos) host = "[" + host + "]";
  http_request request;
  request.method = "CONNECT";
  request.path = fmt::format("{}:{}", host, port);
  request.headers = {{"Host", request.path}};
  if (!by.authorization.empty())
    request.headers.emplace_back("Proxy-Authorization", "Basic " + to_base64(by.authorization));
  const std::string name = name_of(by);
  so_far.awaited = fmt::format("an answer of {}, asked for {}", name, request.path);
  exchange_progress progress;
  http_answer answer;
  std::optional<error> unread;
  try {
    answer = co_await exchange(to_proxy, request, largest_proxy_refusal, progress);
  } catch (const error &why) {
    unread = why;
  }
  if (unread && unread->code() != status::CANCELLED)
    fail(unread->code(),
         fmt::format("{}, asked for {}: {}; is it an HTTP proxy?", name, request.path, unread->message()), by.host);
  if (unread) throw *std::move(unread);
  if (answer.status / 100 == 2 && !is_page_for_people(answer)) co_return;
  error refused(code_of_proxy(answer),
                fmt::format("{} answered {} for {}; {}; where the host is reached without a proxy, add it to no_proxy",
                            name, answer.status, request.path, way_past_proxy(answer, by)),
                by.host);
  refused.store.http_status = answer.status;
  throw std::move(refused);
}

}  // namespace

task<std::unique_ptr<byte_stream>> socket_dialer::connect(std::string host, std::uint16_t port, std::string name,
                                                          dial_progress &progress) {
  progress.awaited = "the address of " + host;
  name_resolver::addresses found = co_await names_.resolve(host);
  progress.awaited = "a connection to " + name;
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

task<std::unique_ptr<byte_stream>> socket_dialer::connect_to_proxy(proxy by, dial_progress &progress) {
  try {
    std::string host = by.host, name = name_of(by);
    co_return co_await connect(std::move(host), by.port, std::move(name), progress);
  } catch (const error &failed) {
    fail(failed.code(), fmt::format("the proxy that {} names: {}", by.named_by, failed.message()), failed.subject());
  }
}

std::string socket_dialer::way_to(const origin &to) const {
  const std::optional<proxy> by = find_proxy(to.host, to.port, to.is_tls, variables_);
  return by ? ", through " + name_of(*by) : std::string();
}

task<std::unique_ptr<byte_stream>> socket_dialer::dial(origin to, dial_progress &progress) {
  std::string server = to.host;
  const std::optional<proxy> by = find_proxy(server, to.port, to.is_tls, variables_);
  std::unique_ptr<byte_stream> made;
  if (by) {
    proxy named = *by;
    made = co_await connect_to_proxy(std::move(named), progress);
    std::string host = server;
    co_await pass_through(*made, *by, std::move(host), to.port, progress);
  } else {
    std::string host = server, name = fmt::format("{}:{}", server, to.port);
    made = co_await connect(std::move(host), to.port, std::move(name), progress);
  }
  if (!to.is_tls) co_return made;
  progress.awaited = fmt::format("the TLS handshake with {}:{}{}", server, to.port, way_to(to));
  auto with = tls_;
  try {
    co_return co_await begin_tls(std::move(with), std::move(made), std::move(server));
  } catch (const error &failed) {
    if (!by) throw;
    fail(failed.code(), fmt::format("through the proxy that {} names: {}", by->named_by, failed.message()),
         failed.subject());
  }
}

}  // namespace evodb
