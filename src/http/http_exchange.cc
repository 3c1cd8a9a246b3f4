#include "http/http_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "base/error.h"

namespace evodb {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t largest_header = 64 << 10;
constexpr std::size_t read_bytes = 64 << 10;
/// A body of that size goes out with its header, in one packet where it fits.
constexpr std::size_t joined_bytes = 16 << 10;

bool is_connect(const http_request &request) {
  return request.method == "CONNECT";  // whose target is no path but "host:port", and whose answer is the way through
}

std::string head_of(const http_request &request) {
  std::string head = request.method + " " + (is_connect(request) ? request.path : encoded_path(request.path));
  if (!request.query.empty()) head += "?" + encoded_query(request.query);
  head += " HTTP/1.1\r\n";
  for (const auto &[name, value] : request.headers) {
    if ((name + value).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      fail(status::INVALID_ARGUMENT, fmt::format("the header {} holds a line's end", name), name);
    head += name + ": " + value + "\r\n";
  }
  // The edge in front of R2 leaves out the length of what it compresses.
  head += "Accept-Encoding: identity\r\nUser-Agent: evodb_lakehouse\r\n";
  const bool may_have_body = request.method == "PUT" || request.method == "POST";
  if (may_have_body) head += fmt::format("Content-Length: {}\r\n", request.body ? request.body->size() : 0);
  return head + "\r\n";
}

task<> send(byte_stream &with, const http_request &request, exchange_progress &progress) {
  std::string head = head_of(request);
  const bytes nothing;
  const bytes &body = request.body ? *request.body : nothing;
  const bool is_joined = body.size() <= joined_bytes;
  if (is_joined) head += body;
  progress.was_sent = true;
  co_await with.write(head);
  if (!is_joined) co_await with.write(body);
  progress.is_whole = true;
}

/// One answer out of what is read, and what was read beyond it.
class answer_reader {
 public:
  answer_reader(byte_stream &from, const http_request &to, std::int64_t largest_body, exchange_progress &progress)
      : from_(from), request_(to), largest_body_(largest_body), progress_(progress) {}

  task<http_answer> read() {
    for (;;) {
      begin();
      while (!parser_->is_done()) co_await feed();
      const auto &message = parser_->get();
      if (message.result_int() / 100 != 1) break;  // such as "100 Continue"
    }
    http_answer answer;
    auto message = parser_->release();
    answer.status = static_cast<int>(message.result_int());
    for (const auto &field : message) answer.headers.emplace_back(field.name_string(), field.value());
    answer.body = std::move(message.body());
    // Bytes behind the answer belong to no request.
    answer.keeps_alive = message.keep_alive() && !has_ended_ && unread_.empty();
    co_return answer;
  }

 private:
  void begin() {
    parser_.emplace();
    parser_->eager(true);
    parser_->skip(request_.method == "HEAD" || is_connect(request_));
    parser_->header_limit(largest_header);
    parser_->body_limit(static_cast<std::uint64_t>(largest_body_));
  }

  task<> feed() {
    boost::beast::error_code wrong;
    if (!unread_.empty()) {
      const bool is_alert_of_tls = !parser_->got_some() && unread_.starts_with("\x15\x03");
      if (is_alert_of_tls)
        fail(status::INVALID_ARGUMENT,
             fmt::format("{} answers in TLS: is the endpoint one of https://, or the port another?", host()));
      const std::size_t taken = parser_->put(boost::asio::buffer(unread_), wrong);
      unread_.erase(0, taken);
      if (!wrong) co_return;
      if (wrong != http::error::need_more) refuse(wrong);
    }
    const std::size_t count = co_await from_.read_some(buffer_);
    unread_.append(buffer_.data(), count);
    progress_.has_answer |= count > 0;
    if (count > 0) co_return;
    has_ended_ = true;
    wrong = {};
    if (parser_->got_some()) parser_->put_eof(wrong);
    if (wrong || !parser_->is_done())
      fail(status::STORAGE_UNAVAILABLE,
           fmt::format("the connection ended {} an answer of {}", parser_->got_some() ? "within" : "without", host()));
  }

  [[noreturn]] void refuse(const boost::beast::error_code &wrong) const {
    fail(status::CORRUPT, fmt::format("the answer of {} is not usable: {}", host(), wrong.message()));
  }

  std::string host() const {
    if (is_connect(request_)) return "the proxy";
    const std::string *name = request_.header("Host");
    return name == nullptr ? "the server" : *name;
  }

  byte_stream &from_;
  const http_request &request_;
  const std::int64_t largest_body_;
  exchange_progress &progress_;
  std::optional<http::response_parser<http::string_body>> parser_;
  std::string unread_;
  std::array<char, read_bytes> buffer_;
  bool has_ended_ = false;
};

}  // namespace

const std::string *http_answer::header(std::string_view name) const noexcept {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto &h) { return is_same_name(h.first, name); });
  return found == headers.end() ? nullptr : &found->second;
}

bool is_page(const http_answer &answer) noexcept {
  const std::string *type = answer.header("content-type");
  return type != nullptr && type->starts_with("text/html") && answer.header("etag") == nullptr;
}

task<http_answer> exchange(byte_stream &with, const http_request &request, std::int64_t largest_body,
                           exchange_progress &progress) {
  std::exception_ptr unsent;
  try {
    co_await send(with, request, progress);
  } catch (const error &broken) {
    if (broken.code() != status::STORAGE_UNAVAILABLE) throw;
    unsent = std::current_exception();  // who refuses a request may answer before it is whole, and close
  }
  answer_reader reader(with, request, largest_body, progress);
  std::exception_ptr unread;
  http_answer answer;
  try {
    answer = co_await reader.read();
  } catch (const error &) {
    unread = std::current_exception();
  }
  if (unread) std::rethrow_exception(unsent ? unsent : unread);
  answer.keeps_alive &= !unsent;
  co_return answer;
}

}  // namespace evodb
