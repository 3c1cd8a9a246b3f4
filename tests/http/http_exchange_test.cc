#include "http/http_exchange.h"

#include <deque>

#include "failure.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

namespace {

/// A server that answers in given pieces, whatever is asked, and then ends or breaks.
struct scripted_stream final : byte_stream {
  std::deque<std::string> pieces;
  bool breaks_when_written = false, breaks_at_end = false;
  std::string written;

  task<> write(std::string_view all) override {
    written += all;
    if (breaks_when_written) fail(status::STORAGE_UNAVAILABLE, "broken pipe");
    co_return;
  }
  task<std::size_t> read_some(std::span<char> into) override {
    if (pieces.empty() && breaks_at_end) fail(status::STORAGE_UNAVAILABLE, "reset");
    if (pieces.empty()) co_return 0;
    const std::string piece = pieces.front();
    pieces.pop_front();
    std::copy(piece.begin(), piece.end(), into.begin());
    co_return piece.size();
  }
  bool is_stale() noexcept override { return false; }
};

struct exchanges {
  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
  scripted_stream server;
  exchange_progress progress;
  http_request request;

  exchanges() {
    request.method = "GET";
    request.path = "/b/a key";
    request.headers = {{"Host", "h"}};
  }
  http_answer run(std::int64_t largest_body = 1000) {
    return run_to_end(environment, [&]() -> task<http_answer> {
      co_return co_await exchange(server, request, largest_body, progress);
    });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_exchange_test, exchanges)

BOOST_AUTO_TEST_CASE(a_request_is_written_and_its_answer_read) {
  request.method = "PUT";
  request.query = {{"x-id", "1 2"}};
  request.body = std::make_shared<const bytes>("content");
  server.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: \"e\"\r\n\r\nok"};
  const http_answer answer = run();
  BOOST_TEST(server.written ==
             "PUT /b/a%20key?x-id=1%202 HTTP/1.1\r\nHost: h\r\nAccept-Encoding: identity\r\nUser-Agent: "
             "evodb_lakehouse\r\nContent-Length: 7\r\n\r\ncontent");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.body == "ok");
  BOOST_TEST(*answer.header("etag") == "\"e\"");
  BOOST_TEST(answer.header("date") == nullptr);
  BOOST_TEST(answer.keeps_alive);
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_byte_by_byte) {
  const std::string whole =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  for (const char c : whole) server.pieces.emplace_back(1, c);
  const http_answer answer = run();
  BOOST_TEST(answer.status == 404);
  BOOST_TEST(answer.body == "abcde");
  BOOST_TEST(answer.keeps_alive);
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_has_a_length_and_no_body) {
  request.method = "HEAD";
  server.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"};
  BOOST_TEST(*run().header("content-length") == "1000000");
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_not_to_be_used_again) {
  for (const char *answered : {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                               "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nuntil the end",
                               "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK"}) {
    server.pieces = {answered};
    BOOST_TEST(!run().keeps_alive, answered);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_whole_or_none_is_a_failure) {
  const std::pair<const char *, const char *> wrong[] = {
      {"", "without an answer"},
      {"HTTP/1.1 200 OK\r\nContent-Le", "within an answer"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "within an answer"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "within an answer"},
      {"SSH-2.0-OpenSSH_9.2\r\n", "not usable"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", "not usable"},
      {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "not usable"},
  };
  for (const auto &[answered, why] : wrong) {
    server.pieces = {};
    if (*answered) server.pieces.emplace_back(answered);
    const status code = std::string_view(why) == "not usable" ? status::CORRUPT : status::STORAGE_UNAVAILABLE;
    CHECK_FAILS(run(), code, why);
  }
  server.pieces = {"HTTP/1.1 200 OK\r\nX: " + std::string(60'000, 'x'), std::string(60'000, 'x')};
  CHECK_FAILS(run(), status::CORRUPT, "not usable");
  server.breaks_at_end = true;
  CHECK_FAILS(run(), status::STORAGE_UNAVAILABLE, "reset");
  BOOST_TEST(progress.was_sent);
}

BOOST_AUTO_TEST_CASE(an_early_refusal_is_read_although_the_rest_could_not_be_sent) {
  server.breaks_when_written = true;
  server.pieces = {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"};
  const http_answer answer = run();
  BOOST_TEST(answer.status == 403);
  BOOST_TEST(!answer.keeps_alive);
  CHECK_FAILS(run(), status::STORAGE_UNAVAILABLE, "broken pipe");
}

BOOST_AUTO_TEST_CASE(a_header_cannot_begin_another_one) {
  request.headers.emplace_back("x-amz-meta-a", "b\r\nx-amz-acl: public-read");
  CHECK_FAILS(run(), status::INVALID_ARGUMENT, "x-amz-meta-a");
  BOOST_TEST(!progress.was_sent);
  BOOST_TEST(server.written == "");
}

BOOST_AUTO_TEST_SUITE_END()
