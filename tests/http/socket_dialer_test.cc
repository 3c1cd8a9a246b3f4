// Connections over real sockets and real TLS, to servers on this machine.
#include "http/socket_dialer.h"

#include <fmt/format.h>

#include <atomic>
#include <csignal>

#include "failure.h"
#include "http/http_exchange.h"
#include "http/http_url.h"
#include "http/loopback_server.h"
#include "runtime/deadline.h"
#include "runtime/operation.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;
using namespace std::chrono_literals;

namespace {

const char *const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

void answer_hello(server_connection &with) {
  with.read_until("\r\n\r\n");
  with.write(hello);
}

struct dialled {
  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
  std::map<std::string, std::string> variables;
  dialled() { std::signal(SIGPIPE, SIG_IGN); }  // of the test's own servers

  std::shared_ptr<socket_dialer> dialer_trusting(const std::string &ca_file = {}) {
    environment_variables find = [this](const char *name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return std::make_shared<socket_dialer>(environment, std::make_shared<const tls_context>(ca_file), find);
  }

  /// One request over a connection of its own.
  http_answer ask(std::shared_ptr<socket_dialer> by, const std::string &url) {
    return run_to_end(environment, [=]() -> task<http_answer> {
      origin to = http_url::parse("the test", url).server;
      http_request request;
      request.method = "GET";
      request.headers = {{"Host", to.host_header()}};
      dial_progress dialling;
      const auto with = co_await by->dial(std::move(to), dialling);
      exchange_progress progress;
      co_return co_await exchange(*with, request, 1000, progress);
    });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(socket_dialer_test, dialled)

BOOST_AUTO_TEST_CASE(plain_http_to_this_machine) {
  loopback_server server(answer_hello);
  BOOST_TEST(ask(dialer_trusting(), fmt::format("http://localhost:{}", server.port())).body == "hello");
}

BOOST_AUTO_TEST_CASE(tls_with_a_server_that_is_who_it_says) {
  const server_identity identity("localhost");
  loopback_server server([&](server_connection &with) {
    if (with.shake_hands(identity.context)) answer_hello(with);
  });
  const std::string url = fmt::format("https://localhost:{}", server.port());
  BOOST_TEST(ask(dialer_trusting(identity.ca_file), url).body == "hello");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_trusted_or_of_another_host) {
  const server_identity identity("localhost"), another("elsewhere.example");
  loopback_server server([&](server_connection &with) { with.shake_hands(identity.context); });
  loopback_server impostor([&](server_connection &with) { with.shake_hands(another.context); });
  const std::string url = fmt::format("https://localhost:{}", server.port());
  CHECK_FAILS(ask(dialer_trusting(), url), status::ACCESS_DENIED, "not trusted for localhost");
  CHECK_FAILS(ask(dialer_trusting(another.ca_file), fmt::format("https://localhost:{}", impostor.port())),
              status::ACCESS_DENIED, "not trusted for localhost");
  CHECK_FAILS(ask(dialer_trusting(identity.ca_file), fmt::format("https://127.0.0.1:{}", server.port())),
              status::ACCESS_DENIED, "not trusted for 127.0.0.1");
}

BOOST_AUTO_TEST_CASE(a_file_that_holds_no_certificates) {
  CHECK_FAILS(dialer_trusting("/nowhere"), status::INVALID_ARGUMENT, "/nowhere");
  CHECK_FAILS(dialer_trusting("/etc/passwd"), status::INVALID_ARGUMENT, "/etc/passwd");
}

BOOST_AUTO_TEST_CASE(an_end_without_notice_is_no_end) {
  const server_identity identity("localhost");
  std::atomic<bool> says_so{false};
  loopback_server server([&](server_connection &with) {
    if (!with.shake_hands(identity.context)) return;
    with.read_until("\r\n\r\n");
    with.write("HTTP/1.1 200 OK\r\n\r\nas far as it");  // a body that only the connection's end ends
    if (says_so) with.end_tls();
  });
  const std::string url = fmt::format("https://localhost:{}", server.port());
  CHECK_FAILS(ask(dialer_trusting(identity.ca_file), url), status::STORAGE_UNAVAILABLE, "without notice");
  says_so = true;
  BOOST_TEST(ask(dialer_trusting(identity.ca_file), url).body == "as far as it");
}

BOOST_AUTO_TEST_CASE(no_tls_where_tls_is_wanted) {
  loopback_server server([](server_connection &with) {
    with.read_until("\x01");
    with.write("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  CHECK_FAILS(ask(dialer_trusting(), fmt::format("https://localhost:{}", server.port())), status::INVALID_ARGUMENT,
              "is the endpoint one of http://");
}

BOOST_AUTO_TEST_CASE(tls_where_none_is_wanted) {
  loopback_server server([](server_connection &with) {
    with.read_until("\r\n\r\n");
    with.write(std::string("\x15\x03\x01\x00\x02\x02\x46", 7));  // the alert of a server that was not greeted
  });
  CHECK_FAILS(ask(dialer_trusting(), fmt::format("http://localhost:{}", server.port())), status::INVALID_ARGUMENT,
              "is the endpoint one of https://");
}

BOOST_AUTO_TEST_CASE(hosts_that_are_not_there) {
  CHECK_FAILS(ask(dialer_trusting(), "http://no-such-host.invalid"), status::STORAGE_UNAVAILABLE,
              "no-such-host.invalid");
  std::uint16_t closed = 0;
  {
    loopback_server server(answer_hello);
    closed = server.port();
  }
  CHECK_FAILS(ask(dialer_trusting(), fmt::format("http://127.0.0.1:{}", closed)), status::STORAGE_UNAVAILABLE,
              fmt::format("could not connect to 127.0.0.1:{}", closed));
  variables["http_proxy"] = fmt::format("http://127.0.0.1:{}", closed);
  CHECK_FAILS(ask(dialer_trusting(), "http://h.example"), status::STORAGE_UNAVAILABLE,
              "the proxy that http_proxy names: could not connect");
}

BOOST_AUTO_TEST_CASE(through_a_proxy_and_with_tls_behind_it) {
  const server_identity identity("bucket.example");
  std::string asked;
  std::atomic<bool> refuses{false};
  loopback_server through([&](server_connection &with) {
    asked = with.read_until("\r\n\r\n");
    with.write(refuses ? "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nno\n"
                       : "HTTP/1.1 200 Connection established\r\n\r\n");
    if (!refuses && with.shake_hands(identity.context)) answer_hello(with);
  });
  variables["https_proxy"] = fmt::format("http://user:pass@127.0.0.1:{}", through.port());
  BOOST_TEST(ask(dialer_trusting(identity.ca_file), "https://bucket.example").body == "hello");
  BOOST_TEST(asked.starts_with("CONNECT bucket.example:443 HTTP/1.1\r\nHost: bucket.example:443\r\n"));
  BOOST_TEST(asked.find("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n") != std::string::npos);
  refuses = true;
  CHECK_FAILS(ask(dialer_trusting(identity.ca_file), "https://bucket.example"), status::ACCESS_DENIED,
              "(https_proxy) answered 407 for bucket.example:443; it does not accept");
}

BOOST_AUTO_TEST_CASE(a_proxy_that_gives_no_way_through_is_named_with_what_it_said) {
  const auto refused = [&](const std::string &said, status code, const std::string &why) {
    loopback_server by([&](server_connection &with) {
      with.read_until("\r\n\r\n");
      with.write(said);
    });
    variables["https_proxy"] = fmt::format("http://127.0.0.1:{}", by.port());
    const auto dialer = dialer_trusting();
    CHECK_FAILS(ask(dialer, "https://bucket.example"), code,
                fmt::format("the proxy 127.0.0.1:{} (https_proxy){}", by.port(), why));
    if (said.starts_with("HTTP"))
      CHECK_FAILS(ask(dialer, "https://bucket.example"), code,
                  "; where the host is reached without a proxy, add it to");
  };
  const std::string none = "Content-Length: 0\r\n\r\n",
                    page = "Content-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>";
  refused("HTTP/1.1 302 Found\r\nLocation: http://login.example\r\n" + none, status::ACCESS_DENIED,
          " answered 302 for bucket.example:443; that is a page for people");
  refused("HTTP/1.1 200 OK\r\n" + page, status::ACCESS_DENIED, " answered 200 for bucket.example:443; that is a page");
  refused("HTTP/1.1 403 Forbidden\r\n" + page, status::ACCESS_DENIED,
          " answered 403 for bucket.example:443; it does not let this host through");
  refused("HTTP/1.1 501 Not Implemented\r\n" + none, status::UNSUPPORTED,
          " answered 501 for bucket.example:443; it does not do CONNECT");
  refused("HTTP/1.1 502 Bad Gateway\r\n" + page, status::STORAGE_UNAVAILABLE,
          " answered 502 for bucket.example:443; it does not reach the host");
  refused("<html>hello</html>", status::CORRUPT,
          ", asked for bucket.example:443: the answer of the proxy is not usable: bad version; is it an HTTP proxy?");
}

BOOST_AUTO_TEST_CASE(a_server_that_says_nothing_is_waited_for_as_long_as_allowed) {
  loopback_server server([](server_connection &with) { with.read_until("never"); });
  const std::string place = fmt::format("localhost:{}", server.port());
  const std::string proxy = fmt::format("the proxy 127.0.0.1:{} (https_proxy)", server.port());
  struct silence {
    std::string url, https_proxy, awaited;
  };
  for (const silence &one : {silence{"http://" + place, "", "a connection to " + place},
                             silence{"https://" + place, "", "the TLS handshake with " + place},
                             silence{"https://bucket.example", fmt::format("http://127.0.0.1:{}", server.port()),
                                     "an answer of " + proxy + ", asked for bucket.example:443"}}) {
    variables["https_proxy"] = one.https_proxy;
    const auto by = dialer_trusting();
    dial_progress dialling;
    const bool is_in_time = run_to_end(environment, [&]() -> task<bool> {
      std::function<task<>()> body = [&]() -> task<> {
        origin to = http_url::parse("the test", one.url).server;
        http_request request;
        request.method = "GET";
        const auto with = co_await by->dial(std::move(to), dialling);
        exchange_progress progress;
        co_await exchange(*with, request, 1000, progress);
      };
      co_return co_await run_within(*environment, 50ms, std::move(body));
    });
    BOOST_TEST(!is_in_time);
    BOOST_TEST(dialling.awaited == one.awaited);
    BOOST_TEST(by->way_to(http_url::parse("the test", one.url).server) ==
               (one.https_proxy.empty() ? "" : ", through " + proxy));
  }
}

BOOST_AUTO_TEST_CASE(an_idle_connection_that_was_closed_is_stale) {
  loopback_server server([](server_connection &with) {
    answer_hello(with);
    with.read_until("never");
  });
  loopback_server closing(answer_hello);
  for (const auto &[port, is_stale] : {std::pair(server.port(), false), std::pair(closing.port(), true)}) {
    const auto by = dialer_trusting();
    const std::string url = fmt::format("http://localhost:{}", port);
    const bool found = run_to_end(environment, [&]() -> task<bool> {
      origin to = http_url::parse("the test", url).server;
      http_request request;
      request.method = "GET";
      dial_progress dialling;
      const auto with = co_await by->dial(std::move(to), dialling);
      exchange_progress progress;
      co_await exchange(*with, request, 1000, progress);
      for (int tries = 0; is_stale && !with->is_stale() && tries < 1000; ++tries) co_await environment->sleep(1ms);
      co_return with->is_stale();
    });
    BOOST_TEST(found == is_stale);
  }
}

BOOST_AUTO_TEST_SUITE_END()
