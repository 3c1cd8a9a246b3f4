#include "io/r2/s3_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <utility>

#include "base/hash.h"
#include "io/r2/answers.h"
#include "io/r2/http_date.h"

namespace evodb::r2 {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t largest_object = std::int64_t{1} << 30;
constexpr std::int64_t largest_message = 16 << 20;  ///< of what is not an object: a page of a listing, say
constexpr auto first_pause = 100ms;
constexpr auto longest_pause = 10s;
constexpr std::int64_t longest_retry_after_s = 24 * 3600;  ///< more counts as a day

/// Whether the same request may fare better later.
bool may_pass(const http_answer &answer) {
  const bool may_recover = answer.status / 100 == 5 && answer.status != 501;  // what a store never does
  return answer.status == 408 || answer.status == 409 || answer.status == 429 || may_recover;
}

/// Whether a refusal of the first and only copy of a write tells that it will never take effect: a signature that is too
/// old, or a connection that ended too early, may be that of a second copy.
bool is_definite(const http_answer &answer, std::string_view code) {
  if (answer.status / 100 != 4 || answer.status == 408 || answer.status == 409 || answer.status == 429) return false;
  for (const std::string_view doubtful : {"RequestTimeTooSkewed", "ExpiredRequest", "SignatureDoesNotMatch",
                                          "ClientDisconnect", "IncompleteBody", "ObjectLockedByBucketPolicy"})
    if (code == doubtful) return false;
  return true;
}

/// Whether a refusal is about who asks, whatever its status: stores differ in that.
bool is_about_credentials(const http_answer &answer, const refusal &said) {
  if (answer.status == 401 || answer.status == 403) return true;
  for (const std::string_view code : {"InvalidAccessKeyId", "InvalidToken", "ExpiredToken", "XAdminUserNotFound"})
    if (said.code == code) return true;
  return said.code == "InvalidArgument" && said.message.starts_with("X-Amz-Security-Token");
}

const std::string *request_id_of(const http_answer &answer) {
  const std::string *id = answer.header("cf-ray");
  return id != nullptr ? id : answer.header("x-amz-request-id");
}

}  // namespace

s3_client::s3_client(std::shared_ptr<runtime> environment, std::shared_ptr<http_client> client, s3_settings settings)
    : environment_(std::move(environment)),
      client_(std::move(client)),
      settings_(std::move(settings)),
      root_{"s3", settings_.bucket, ""} {}

http_request s3_client::request(const char *method, std::string_view key) const {
  http_request request;
  request.method = method;
  request.path = client_->to().path_of(key);
  request.headers.emplace_back("Host", client_->to().host_header());
  return request;
}

error s3_client::refused(const http_answer &answer, const std::string &key) const {
  const refusal said = read_refusal(answer.body);
  status code = status::STORAGE_UNAVAILABLE;
  const bool is_definite =
      answer.status / 100 == 4 && answer.status != 404 && answer.status != 429 && answer.status != 408;
  if (is_about_credentials(answer, said))
    code = status::ACCESS_DENIED;
  else if (answer.status == 404 && said.code.starts_with("NoSuch"))
    code = status::NOT_FOUND;
  else if (answer.status == 501)
    code = status::UNSUPPORTED;
  else if (is_definite)
    code = status::INVALID_ARGUMENT;
  std::string message = fmt::format("{} answered {} {}", client_->to().host_header(), answer.status,
                                    said.code.empty() ? "without a code" : said.code);
  if (!said.message.empty()) message += ": " + said.message;
  error made(code, std::move(message), location_of(key));
  made.store.http_status = answer.status;
  made.store.code = said.code;
  if (const std::string *id = request_id_of(answer)) made.store.request_id = *id;
  if (const std::string *after = answer.header("retry-after")) {
    std::int64_t wait_s = 0;
    const auto [end, failed] = std::from_chars(after->data(), after->data() + after->size(), wait_s);
    if (failed == std::errc() && end == after->data() + after->size() && wait_s >= 0)
      made.store.retry_after_ms = std::min(wait_s, longest_retry_after_s) * 1000;
  }
  return made;
}

void s3_client::describe(traced_span &told, const http_request &request) const {
  if (!told.is_wanted()) return;
  told.set("http.request.method", request.method);
  told.set("server.address", client_->to().host_header());
  told.set("url.path", request.path);
  for (const name_value &parameter : request.query)
    if (parameter.first == "prefix") told.set("evodb.list.prefix", parameter.second);
  if (request.body) told.set("http.request.body.size", static_cast<std::int64_t>(request.body->size()));
}

void s3_client::describe(traced_span &told, const http_answer &answer) const {
  if (!told.is_wanted()) return;
  told.set("http.response.status_code", answer.status);
  told.set("http.response.body.size", static_cast<std::int64_t>(answer.body.size()));
  if (const std::string *id = request_id_of(answer)) told.set("aws.request_id", *id);
  if (answer.status >= 400) told.set("error.type", std::to_string(answer.status));
}

task<http_answer> s3_client::send(const http_request &request, const std::string &key, bool is_retry,
                                  exchange_progress &progress) {
  const bool is_of_object = request.method == "GET" && request.query.empty();
  counters_.count(request, is_retry);
  const executor here = co_await boost::asio::this_coro::executor;
  traced_span told(*environment_, here, request.method);
  describe(told, request);
  if (is_retry) told.set("evodb.is_retry", "true");
  std::exception_ptr broken;
  try {
    http_answer answer = co_await client_->send(request, is_of_object ? largest_object : largest_message, progress);
    counters_.count(answer);
    describe(told, answer);
    co_return answer;
  } catch (const error &why) {
    broken = std::make_exception_ptr(error(why.code(), why.message(), location_of(key)));
  } catch (...) {
    broken = std::current_exception();
  }
  told.fail_with(broken);
  std::rethrow_exception(broken);
}

std::int64_t s3_client::count_of(store_counter which) const noexcept {
  switch (which) {
    case store_counter::connections_opened:
      return client_->connections_opened();
    case store_counter::connections_in_use:
      return static_cast<std::int64_t>(client_->connections_in_use());
    case store_counter::waits_for_a_connection:
      return client_->waits_for_a_connection();
    default:
      return counters_.of(which);
  }
}

task<> s3_client::sign_now(http_request &request, std::optional<std::int64_t> at_ms) {
  const credentials by = co_await settings_.by();
  const std::string hash = to_hex(sha256(request.body ? byte_view(*request.body) : byte_view()));
  request.set_header("x-amz-content-sha256", hash);
  const signing_scope scope{settings_.region, "s3"};
  sign(request, by, scope, at_ms.value_or(environment_->now_ms() + server_ahead_ms_), hash);
}

std::optional<std::int64_t> server_time(const http_answer &answer) {
  const std::string *date = answer.header("date");
  return date == nullptr ? std::nullopt : read_http_date(*date);
}

/// A clock that is wrong is set right by the store's, where that tells its time.
bool s3_client::learns_time(const http_answer &answer) {
  if (answer.status != 403 || read_refusal(answer.body).code != "RequestTimeTooSkewed") return false;
  const std::optional<std::int64_t> there = server_time(answer);
  if (!there) return false;
  server_ahead_ms_ = *there - environment_->now_ms();
  return true;
}

task<http_answer> s3_client::ask(http_request request, std::string about) {
  const executor here = co_await boost::asio::this_coro::executor;
  const steady_time begun = environment_->steady_now();
  bool has_learnt = false;
  for (int tries = 0;; ++tries) {
    co_await sign_now(request, std::nullopt);
    std::optional<http_answer> answer;
    std::exception_ptr broken;
    try {
      exchange_progress progress;
      answer = co_await send(request, about, tries > 0 || has_learnt, progress);
    } catch (const error &why) {
      if (why.code() != status::STORAGE_UNAVAILABLE) throw;
      broken = std::current_exception();
    }
    if (answer && !has_learnt && learns_time(*answer)) {
      has_learnt = true;
      log_record told(*environment_, here, log_level::warning,
                      "this machine's clock differs from the store's, which is used from now on");
      told.set("evodb.clock.behind_ms", server_ahead_ms_.load());
      continue;
    }
    if (answer && !may_pass(*answer)) co_return *std::move(answer);
    const auto wait = pause_before(tries, request, answer ? refused(*answer, about).store.retry_after_ms : -1);
    if (environment_->steady_now() - begun + wait > settings_.retry_budget) {
      if (broken) std::rethrow_exception(broken);
      co_return *std::move(answer);
    }
    {
      log_record told(*environment_, here, log_level::warning, "a request is tried again");
      told.set("url.path", request.path);
      told.set("evodb.retry.after_ms", wait / 1ms);
      told.set("evodb.retry.reason", answer ? refused(*answer, about).message() : error_of(broken).message());
    }
    co_await environment_->sleep(wait);
  }
}

task<put_outcome> s3_client::write_once(http_request request, std::string key,
                                        std::optional<std::int64_t> signed_at_ms) {
  using kind = put_outcome::kind;
  co_await sign_now(request, signed_at_ms);
  exchange_progress progress;
  std::optional<error> broken;
  http_answer answer;
  try {
    answer = co_await send(request, key, false, progress);
  } catch (const error &why) {
    broken = why;
  }
  if (broken) co_return put_outcome(progress.was_sent ? kind::unknown : kind::failed, *std::move(broken));
  learns_time(answer);
  co_return outcome_of(answer, key);
}

put_outcome s3_client::outcome_of(const http_answer &answer, const std::string &key) const {
  using kind = put_outcome::kind;
  if (answer.status / 100 == 2) {
    const std::string *etag = answer.header("etag");
    return put_outcome(kind::done, etag == nullptr ? std::string() : unquoted(*etag));
  }
  error why = refused(answer, key);
  // An object that is not there matches nothing; some stores say so with 404.
  if (answer.status == 412 || (answer.status == 404 && why.store.code == "NoSuchKey"))
    return put_outcome(kind::exists, std::string());
  const bool is_final = is_definite(answer, why.store.code);
  return put_outcome(is_final ? kind::failed : kind::unknown, std::move(why));
}

std::chrono::nanoseconds s3_client::pause_before(int tries, const http_request &request, std::int64_t asked_ms) {
  const auto longest = std::min<std::chrono::nanoseconds>(
      std::chrono::nanoseconds(first_pause) * (1 << std::min(tries, 10)), longest_pause);
  const std::chrono::nanoseconds jitter(
      static_cast<std::int64_t>(environment_->random_u64() % static_cast<std::uint64_t>(longest.count())));
  const bool is_write_of_key = request.method == "PUT" && request.query.empty();
  const std::chrono::nanoseconds least = is_write_of_key ? rewrite_interval : std::chrono::nanoseconds(0);
  return std::max<std::chrono::nanoseconds>(least, std::chrono::milliseconds(asked_ms)) + jitter;
}

}  // namespace evodb::r2
