#include "io/s3/s3_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "base/hash.h"
#include "base/text_cursor.h"
#include "http/http_date.h"
#include "io/s3/s3_responses.h"
#include "io/s3/signature.h"

namespace evodb {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t largest_object = std::int64_t{1} << 30;
constexpr std::int64_t largest_message = 16 << 20;  ///< of what is not an object: a page of a listing, say
constexpr auto first_pause = 100ms;
constexpr auto longest_pause = 10s;
/// Of answers that prove nothing, and of refusals about the key.
constexpr int most_repetitions = 2;
constexpr std::array<std::chrono::milliseconds, most_repetitions> pauses_for_the_key{500ms, 1500ms};
constexpr auto longest_for_the_key = 3s;
/// What the few repetitions of an answer that proves nothing may take, as it is announced.
constexpr auto longest_for_proof = 3s;

refused_request::kind kind_of(const http_request &request) noexcept {
  if (request.method != "GET" && request.method != "HEAD") return refused_request::kind::write;
  return request.query.empty() ? refused_request::kind::read : refused_request::kind::list;
}

/// What the store says against a request; nothing where the body is an object's content.
refusal refusal_in(const http_request &request, const http_answer &answer) {
  const bool is_content = kind_of(request) == refused_request::kind::read && answer.status / 100 == 2;
  return is_content ? refusal() : read_refusal(answer.body);
}

}  // namespace

s3_client::s3_client(std::shared_ptr<evodb::runtime> environment, std::shared_ptr<http_client> client,
                     s3_settings settings)
    : environment_(std::move(environment)),
      client_(std::move(client)),
      settings_(std::move(settings)),
      root_{"s3", settings_.to.bucket, ""} {}

http_request s3_client::request(const char *method, std::string_view key) const {
  http_request request;
  request.method = method;
  request.path = settings_.to.path_of(key);
  request.headers.emplace_back("Host", client_->to().host_header());
  return request;
}

refused_request s3_client::described(const std::string &key, refused_request::kind what) const {
  refused_request asked;
  asked.what = what;
  asked.host = client_->to().host_header();
  asked.bucket = settings_.to.bucket;
  asked.region = settings_.region;
  asked.location = location_of(key);
  asked.now_ms = environment_->now_ms();
  return asked;
}

error s3_client::refused(const http_answer &answer, const std::string &key, refused_request::kind what) const {
  return refusal_error(described(key, what), answer);
}

error s3_client::unproved(const http_answer &answer, const std::string &key, std::string_view why) const {
  return unproved_error(described(key, refused_request::kind::read), answer, why);
}

void s3_client::describe(traced_span &span, const http_request &request) const {
  if (!span.is_wanted()) return;
  span.set("http.request.method", request.method);
  span.set("server.address", client_->to().host_header());
  span.set("url.path", request.path);
  for (const name_value &parameter : request.query)
    if (parameter.first == "prefix") span.set("evodb.list.prefix", parameter.second);
  if (request.body) span.set("http.request.body.size", static_cast<std::int64_t>(request.body->size()));
}

void s3_client::describe(traced_span &span, const http_answer &answer) const {
  if (!span.is_wanted()) return;
  span.set("http.response.status_code", answer.status);
  span.set("http.response.body.size", static_cast<std::int64_t>(answer.body.size()));
  if (const std::string *id = request_id_of(answer)) span.set("aws.request_id", *id);
  if (answer.status >= 400) span.set("error.type", std::to_string(answer.status));
}

task<http_answer> s3_client::send(const http_request &request, const std::string &key, bool is_retry,
                                  exchange_progress &progress) {
  const bool is_of_object = request.method == "GET" && request.query.empty();
  counters_.count(request, is_retry);
  const executor here = co_await boost::asio::this_coro::executor;
  traced_span span(*environment_, here, request.method);
  describe(span, request);
  if (is_retry) span.set("evodb.is_retry", "true");
  std::exception_ptr broken;
  try {
    http_answer answer = co_await client_->send(request, is_of_object ? largest_object : largest_message, progress);
    counters_.count(answer);
    describe(span, answer);
    co_return answer;
  } catch (const error &why) {
    error with_place(why.code(), why.message(), location_of(key));
    with_place.store = why.store;
    broken = std::make_exception_ptr(std::move(with_place));
  } catch (...) {
    broken = std::current_exception();
  }
  span.fail_with(broken);
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

/// What one request has led to so far, over all its tries.
struct s3_client::course {
  refused_request::kind what = refused_request::kind::read;
  std::optional<error> broken;  ///< why the last try settled nothing
  bool is_about_key = false;    ///< that one was refused so
  bool is_unproved = false;     ///< that one's answer proved nothing
  int tries = 0, unproved_answers = 0, refused_keys = 0;
};

/// Whether an answer of status 2xx says what a success says. Throws where another try would not change it.
bool s3_client::is_proved(http_answer &answer, const success_reader &read, course &so_far) {
  try {
    read(answer);
    was_accepted_ = true;
    return true;
  } catch (const error &why) {
    so_far.broken = why;
  }
  const std::string &code = so_far.broken->store.code;
  so_far.is_unproved = code.empty();
  const bool is_last = so_far.is_unproved ? so_far.unproved_answers++ == most_repetitions : !may_pass(code);
  if (is_last) throw *so_far.broken;
  return false;
}

/// Whether an answer ends the tries; otherwise `so_far` says why it does not.
bool s3_client::is_settled(const http_request &request, http_answer &answer, const std::string &about,
                           const success_reader &read, course &so_far) {
  const refusal said = refusal_in(request, answer);
  if (may_pass(answer, said)) {
    so_far.broken = refused(answer, about, so_far.what);
    return false;
  }
  if (answer.status / 100 == 2) {
    if (!said.code.empty()) throw refused(answer, about, so_far.what);
    return is_proved(answer, read, so_far);
  }
  if (said.code == "NoSuchKey") was_accepted_ = true;
  so_far.is_about_key = so_far.what != refused_request::kind::write && !was_accepted_ && is_about_key(answer, said) &&
                        so_far.refused_keys < most_repetitions;
  if (so_far.is_about_key) so_far.broken = refused(answer, about, so_far.what);
  return !so_far.is_about_key;
}

task<http_answer> s3_client::ask(http_request request, std::string about, success_reader read) {
  const executor here = co_await boost::asio::this_coro::executor;
  const steady_time begun = environment_->steady_now();
  course so_far;
  so_far.what = kind_of(request);
  bool has_learnt = false;
  for (;; ++so_far.tries) {
    co_await sign_now(request, std::nullopt);
    std::optional<http_answer> answer;
    so_far.is_about_key = so_far.is_unproved = false;
    try {
      exchange_progress progress;
      answer = co_await send(request, about, so_far.tries > 0 || has_learnt, progress);
    } catch (const error &why) {
      if (why.code() != status::STORAGE_UNAVAILABLE) throw;
      so_far.broken = why;
    }
    if (answer && !has_learnt && learns_time(*answer)) {
      has_learnt = true;
      log_record record(*environment_, here, log_level::warning,
                        "this machine's clock differs from the store's, which is used from now on");
      record.set("evodb.clock.behind_ms", server_ahead_ms_.load());
      continue;
    }
    if (answer && is_settled(request, *answer, about, read, so_far)) co_return *std::move(answer);
    const auto wait = pause_before(request, so_far);
    const auto budget = so_far.is_about_key
                            ? std::min<std::chrono::nanoseconds>(settings_.retry_budget, longest_for_the_key)
                            : settings_.retry_budget;
    const std::chrono::nanoseconds left = budget - (environment_->steady_now() - begun);
    if (wait > left) {
      if (answer && answer->status / 100 != 2) co_return *std::move(answer);
      throw *std::move(so_far.broken);
    }
    {
      const auto announced = so_far.is_unproved ? std::min<std::chrono::nanoseconds>(left, longest_for_proof) : left;
      log_record record(*environment_, here, log_level::warning, "a request is tried again");
      record.set("url.path", request.path);
      record.set("evodb.retry.after_ms", wait / 1ms);
      record.set("evodb.retry.left_ms", announced / 1ms);
      record.set("evodb.retry.reason", so_far.broken->message());
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
  const refusal said = read_refusal(answer.body);
  if (answer.status / 100 == 2 && said.code.empty()) {
    const std::string *etag = answer.header("etag");
    // Who answers for the store with a page of its own has stored nothing.
    if (etag == nullptr || unquoted(*etag).empty())
      return put_outcome(kind::unknown, unproved(answer, key, "without an ETag"));
    if (!trimmed(answer.body).empty())
      return put_outcome(kind::unknown, unproved(answer, key, "with a body, which no store sends"));
    return put_outcome(kind::done, unquoted(*etag));
  }
  // An object that is not there matches nothing; some stores say so with 404.
  if (answer.status == 412 || (answer.status == 404 && said.code == "NoSuchKey"))
    return put_outcome(kind::exists, std::string());
  return put_outcome(is_final(answer, said) ? kind::failed : kind::unknown,
                     refused(answer, key, refused_request::kind::write));
}

std::chrono::nanoseconds s3_client::pause_before(const http_request &request, course &so_far) {
  if (so_far.is_about_key) {
    const std::chrono::nanoseconds pause = pauses_for_the_key.at(static_cast<std::size_t>(so_far.refused_keys++));
    return pause + jitter(pause / 6);
  }
  const auto longest = std::min<std::chrono::nanoseconds>(
      std::chrono::nanoseconds(first_pause) * (1 << std::min(so_far.tries, 10)), longest_pause);
  const bool is_write_of_key = request.method == "PUT" && request.query.empty();
  const std::chrono::nanoseconds least = is_write_of_key ? rewrite_interval : std::chrono::nanoseconds(0);
  const std::chrono::milliseconds asked(so_far.broken->store.retry_after_ms);
  return std::max<std::chrono::nanoseconds>(least, asked) + jitter(longest);
}

std::chrono::nanoseconds s3_client::jitter(std::chrono::nanoseconds below) {
  return std::chrono::nanoseconds(
      static_cast<std::int64_t>(environment_->random_u64() % static_cast<std::uint64_t>(below.count())));
}

}  // namespace evodb
