// A reverse proxy that makes a server on this machine as slow to answer as one that is far away, and counts what is asked of it.
//   bench_slow_network UPSTREAM_HOST:PORT LATENCY_MS
// Its first line is the port it listens on, on the loopback address. For each line of its standard input it prints what was
// counted since the last one, as JSON; it ends with its input.
//
// Messages go through unchanged, since their heads are signed: each is read to its end, and what was read is sent.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/none.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;
using asio::ip::tcp;

struct counters {
  std::int64_t get = 0, list = 0, head = 0, put = 0, multipart_post = 0, delete_ = 0, post_delete = 0;
  std::int64_t bytes_up = 0, bytes_down = 0;

  void count(http::verb verb, std::string_view target) {
    const std::string_view query = target.substr(std::min(target.find('?'), target.size()));
    switch (verb) {
      case http::verb::get:
        ++(query.find("list-type=") == query.npos ? get : list);
        break;
      case http::verb::head:
        ++head;
        break;
      case http::verb::put:
        ++put;
        break;
      case http::verb::delete_:
        ++delete_;
        break;
      default:
        ++(query.substr(0, 7) == "?delete" ? post_delete : multipart_post);
    }
  }

  /// In R2's classes of operations; to delete is in neither, and free.
  std::string to_json() const {
    return fmt::format(R"({{"get":{},"list":{},"head":{},"put":{},"multipart_post":{},"delete":{},"post_delete":{},)"
                       R"("class_a":{},"class_b":{},"bytes_up":{},"bytes_down":{}}})",
                       get, list, head, put, multipart_post, delete_, post_delete, put + list + multipart_post,
                       get + head, bytes_up, bytes_down);
  }
};

struct network {
  tcp::endpoint upstream;
  std::chrono::milliseconds latency;
  counters counted;
};

/// One end of the way, from which messages are read as they are.
class peer {
 public:
  explicit peer(tcp::socket socket) : socket_(std::move(socket)) { socket_.set_option(tcp::no_delay(true)); }

  asio::awaitable<void> write(std::string_view what) {
    co_await asio::async_write(socket_, asio::buffer(what), use_awaitable);
  }

  /// Reads a message's head, and leaves it in `message`.
  template <class Parser>
  asio::awaitable<void> read_head(Parser &parser, std::string &message) {
    parser.body_limit(boost::none);
    while (!parser.is_header_done()) co_await feed(parser, message);
  }

  template <class Parser>
  asio::awaitable<void> read_body(Parser &parser, std::string &message) {
    parser.eager(true);
    while (!parser.is_done()) co_await feed(parser, message);
  }

 private:
  template <class Parser>
  asio::awaitable<void> feed(Parser &parser, std::string &message) {
    boost::beast::error_code wrong;
    if (!unread_.empty()) {
      const std::size_t taken = parser.put(asio::buffer(unread_), wrong);
      message.append(unread_, 0, taken);
      unread_.erase(0, taken);
      if (!wrong) co_return;
      if (wrong != http::error::need_more) throw boost::system::system_error(wrong);
    }
    auto [ended, count] = co_await socket_.async_read_some(asio::buffer(read_), asio::as_tuple(use_awaitable));
    unread_.append(read_.data(), count);
    if (!ended) co_return;
    if (parser.got_some()) parser.put_eof(wrong);  // which ends a body without a length
    if (wrong || !parser.is_done()) throw boost::system::system_error(ended);
  }

  tcp::socket socket_;
  std::string unread_;
  std::array<char, 64 << 10> read_;
};

asio::awaitable<void> wait(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(use_awaitable);
}

asio::awaitable<bool> relay_one(network &through, peer &client, peer &server) {
  http::request_parser<http::string_body> request;
  std::string message;
  co_await client.read_head(request, message);
  if (request.get().count(http::field::expect) !=
      0) {  // whose body does not come before this has gone the way and back
    co_await wait(through.latency);
    co_await client.write("HTTP/1.1 100 Continue\r\n\r\n");
  }
  co_await client.read_body(request, message);
  through.counted.count(request.get().method(), request.get().target());
  through.counted.bytes_up += static_cast<std::int64_t>(message.size());
  co_await wait(through.latency);
  co_await server.write(message);

  for (;;) {
    http::response_parser<http::string_body> answer;
    answer.skip(request.get().method() == http::verb::head);
    message.clear();
    co_await server.read_head(answer, message);
    co_await server.read_body(answer, message);
    if (answer.get().result_int() == 100) continue;  // the client has got one
    through.counted.bytes_down += static_cast<std::int64_t>(message.size());
    co_await client.write(message);
    co_return answer.get().keep_alive() && request.get().keep_alive();
  }
}

asio::awaitable<void> relay(network &through, tcp::socket accepted) {
  try {
    tcp::socket upstream(co_await asio::this_coro::executor);
    co_await upstream.async_connect(through.upstream, use_awaitable);
    peer client(std::move(accepted)), server(std::move(upstream));
    while (co_await relay_one(through, client, server)) continue;
  } catch (const boost::system::system_error &) {
    // One side has closed its connection, which closes the other.
  }
}

asio::awaitable<void> listen(network &through, tcp::acceptor acceptor) {
  for (;;) {
    tcp::socket accepted = co_await acceptor.async_accept(use_awaitable);
    asio::co_spawn(acceptor.get_executor(), relay(through, std::move(accepted)), asio::detached);
  }
}

asio::awaitable<void> report(network &through, asio::io_context &running) {
  asio::posix::stream_descriptor input(running, ::dup(STDIN_FILENO));
  std::string line;
  for (;;) {
    auto buffer = asio::dynamic_buffer(line);
    auto [ended, count] = co_await asio::async_read_until(input, buffer, '\n', asio::as_tuple(use_awaitable));
    if (ended) break;
    line.erase(0, count);
    fmt::print("{}\n", std::exchange(through.counted, counters()).to_json());
    std::fflush(stdout);
  }
  running.stop();
}

}  // namespace

int main(int count, char **words) {
  const std::string_view where = count == 3 ? words[1] : "";
  const std::size_t colon = where.rfind(':');
  if (colon == where.npos) {
    fmt::print(stderr, "usage: bench_slow_network UPSTREAM_HOST:PORT LATENCY_MS\n");
    return 2;
  }
  try {
    asio::io_context running(1);
    network through;
    tcp::resolver names(running);
    through.upstream = *names.resolve(where.substr(0, colon), where.substr(colon + 1)).begin();
    through.latency = std::chrono::milliseconds(std::atoi(words[2]));
    tcp::acceptor acceptor(running, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    fmt::print("{}\n", acceptor.local_endpoint().port());
    std::fflush(stdout);
    asio::co_spawn(running, listen(through, std::move(acceptor)), asio::detached);
    asio::co_spawn(running, report(through, running), asio::detached);
    running.run();
  } catch (const boost::system::system_error &failed) {
    fmt::print(stderr, "{}: {}\n", where, failed.what());
    return 1;
  }
  return 0;
}
