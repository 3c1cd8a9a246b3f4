#include "io/r2/s3_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <utility>

#include "base/hash.h"
#include "base/time.h"
#include "io/r2/answers.h"
#include "io/r2/http_date.h"
#include "runtime/cancellation.h"

namespace evodb::r2 {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t largest_object = std::int64_t{1} << 30;
constexpr std::int64_t largest_message = 16 << 20;  ///< of what is not an object: a page of a listing, say
constexpr std::int64_t keys_a_page = 1000;
constexpr std::size_t keys_a_deletion = 1000;
constexpr std::string_view metadata_prefix = "x-amz-meta-";
constexpr auto first_pause = 100ms;
constexpr auto longest_pause = 10s;

/// The store's refusal as an error. Never what was signed, or with what.
error refused(const http_answer &answer, const std::string &subject) {
  const refusal said = read_refusal(answer.body);
  status code = status::STORAGE_UNAVAILABLE;
  const bool is_definite = answer.status / 100 == 4 && answer.status != 429 && answer.status != 408;
  if (answer.status == 401 || answer.status == 403)
    code = status::ACCESS_DENIED;
  else if (answer.status == 404)
    code = status::NOT_FOUND;
  else if (is_definite || answer.status == 501)
    code = status::INVALID_ARGUMENT;
  std::string message =
      fmt::format("the store answered {} {}", answer.status, said.code.empty() ? "without a code" : said.code);
  if (!said.message.empty()) message += ": " + said.message;
  error made(code, std::move(message), subject);
  made.store.http_status = answer.status;
  made.store.code = said.code;
  for (const char *name : {"cf-ray", "x-amz-request-id"}) {
    if (const std::string *id = answer.header(name); id && made.store.request_id.empty()) made.store.request_id = *id;
  }
  if (const std::string *after = answer.header("retry-after")) {
    std::int64_t wait_s = 0;
    const auto [end, failed] = std::from_chars(after->data(), after->data() + after->size(), wait_s);
    if (failed == std::errc() && end == after->data() + after->size() && wait_s >= 0 && wait_s < 3600)
      made.store.retry_after_ms = wait_s * 1000;
  }
  return made;
}

/// Whether the same request may fare better later.
bool may_pass(const http_answer &answer) {
  return answer.status == 408 || answer.status == 409 || answer.status == 429 || answer.status / 100 == 5;
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

std::int64_t size_of(const http_answer &answer, const std::string &key) {
  const std::string *range = answer.header("content-range"), *length = answer.header("content-length");
  std::string_view text;
  if (range != nullptr && range->find('/') != range->npos)
    text = std::string_view(*range).substr(range->find('/') + 1);
  else if (length != nullptr)
    text = *length;
  else
    return static_cast<std::int64_t>(answer.body.size());
  std::int64_t size = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (failed != std::errc() || end != text.data() + text.size() || size < 0)
    fail(status::CORRUPT, fmt::format("the store does not say how large the object is: '{}'", text), key);
  return size;
}

object_meta meta_of(const http_answer &answer, std::string key) {
  object_meta meta;
  meta.size = size_of(answer, key);
  meta.key = std::move(key);
  if (const std::string *etag = answer.header("etag")) meta.etag = unquoted(*etag);
  if (const std::string *modified = answer.header("last-modified"))
    meta.last_modified_ms = read_http_date(*modified).value_or(0);
  for (const auto &[name, value] : answer.headers) {
    if (name.size() > metadata_prefix.size() &&
        is_same_name(std::string_view(name).substr(0, metadata_prefix.size()), metadata_prefix))
      meta.user_metadata.emplace_back(name.substr(metadata_prefix.size()), value);
  }
  return meta;
}

/// As HTTP writes it; empty for the whole object. Numbers beyond any object's size are cut: not every server reads them.
std::string range_text(const byte_range &range) {
  constexpr std::int64_t farthest = std::int64_t{1} << 50;
  if (range.offset < 0) return fmt::format("bytes=-{}", range.offset < -farthest ? farthest : -range.offset);
  const std::int64_t offset = std::min(range.offset, farthest);
  if (range.length < 0 || range.length > farthest)
    return offset == 0 ? std::string() : fmt::format("bytes={}-", offset);
  return fmt::format("bytes={}-{}", offset, offset + range.length - 1);
}

class s3_store final : public object_store {
 public:
  s3_store(std::shared_ptr<runtime> environment, std::shared_ptr<http_client> client, s3_store_settings settings)
      : environment_(std::move(environment)),
        client_(std::move(client)),
        settings_(std::move(settings)),
        root_{"s3", settings_.bucket, ""} {}

  task<std::optional<object>> get(std::string key, byte_range range) override {
    if (range.length == 0) co_return co_await describe(std::move(key));
    http_request request = request_of("GET", key);
    if (const std::string text = range_text(range); !text.empty()) request.set_header("Range", text);
    const http_answer answer = co_await ask(std::move(request), key);
    if (is_absent(answer)) co_return std::nullopt;
    if (answer.status == 416) co_return co_await describe(std::move(key));
    if (answer.status / 100 != 2) throw refused(answer, location_of(key));
    object found;
    found.server_now_ms = server_time(answer);
    found.meta = meta_of(answer, key);
    found.body = answer.body;
    if (answer.status == 200) {  // without a range, or of a store that knows none
      const byte_range part = range.within(found.meta.size);
      found.body = found.body.substr(static_cast<std::size_t>(part.offset), static_cast<std::size_t>(part.length));
    }
    co_return found;
  }

  /// The object without a byte of it.
  task<std::optional<object>> describe(std::string key) {
    std::optional<object_meta> meta = co_await head(std::move(key));
    if (!meta) co_return std::nullopt;
    object found;
    found.meta = *std::move(meta);
    co_return found;
  }

  task<std::optional<object_meta>> head(std::string key) override {
    const http_answer answer = co_await ask(request_of("HEAD", key), key);
    if (answer.status == 404) co_return std::nullopt;
    if (answer.status / 100 != 2) throw refused(answer, location_of(key));
    co_return meta_of(answer, std::move(key));
  }

  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    const bool matches_nothing =
        options.condition.when == put_condition::kind::if_match && options.condition.etag.empty();
    if (matches_nothing)
      co_return put_outcome(put_outcome::kind::exists, std::string());  // some stores would heed no such condition
    http_request request = request_of("PUT", key);
    request.body = std::move(body);
    request.set_header("Content-Type", options.content_type);
    request.set_header("Content-MD5", to_base64(md5(*request.body)));
    for (const auto &[name, value] : options.user_metadata)
      request.set_header(std::string(metadata_prefix) + name, value);
    if (options.condition.when == put_condition::kind::if_absent) request.set_header("If-None-Match", "*");
    if (options.condition.when == put_condition::kind::if_match)
      request.set_header("If-Match", "\"" + options.condition.etag + "\"");
    const bool has_condition = options.condition.when != put_condition::kind::always;
    // A condition's answer is its first one: what a repetition meets may be the first one's own effect.
    const bool may_repeat = options.may_repeat && !has_condition;
    co_return co_await write(std::move(request), std::move(key), may_repeat, options.signed_at_ms);
  }

  task<listing> list(list_options options) override {
    listing all;
    std::string next;
    const auto missing = [&] {
      const auto found = static_cast<std::int64_t>(all.objects.size() + all.common_prefixes.size());
      return options.limit < 0 ? keys_a_page : std::min(options.limit - found, keys_a_page);
    };
    while (missing() > 0) {
      http_request request = request_of("GET", {});
      request.query = {{"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", std::to_string(missing())}};
      if (!options.prefix.empty()) request.query.emplace_back("prefix", options.prefix);
      if (!options.delimiter.empty()) request.query.emplace_back("delimiter", options.delimiter);
      if (!options.start_after.empty()) request.query.emplace_back("start-after", options.start_after);
      if (!next.empty()) request.query.emplace_back("continuation-token", next);
      const http_answer answer = co_await ask(std::move(request), options.prefix);
      if (answer.status / 100 != 2) throw refused(answer, location_of(options.prefix));
      listing_page page = read_listing(answer.body, location_of(options.prefix));
      // S3 sums up by keys that lie behind the start, though their prefix does not.
      std::erase_if(page.found.common_prefixes, [&](const std::string &one) { return one <= options.start_after; });
      std::move(page.found.objects.begin(), page.found.objects.end(), std::back_inserter(all.objects));
      std::move(page.found.common_prefixes.begin(), page.found.common_prefixes.end(),
                std::back_inserter(all.common_prefixes));
      next = std::move(page.next);
      if (next.empty()) break;
    }
    co_return all;
  }

  task<> remove(std::vector<std::string> keys) override {
    for (std::size_t first = 0; first < keys.size(); first += keys_a_deletion) {
      const std::vector<std::string> some(
          keys.begin() + static_cast<std::ptrdiff_t>(first),
          keys.begin() + static_cast<std::ptrdiff_t>(std::min(first + keys_a_deletion, keys.size())));
      http_request request = request_of("POST", {});
      request.query = {{"delete", ""}};
      request.body = std::make_shared<const bytes>(write_deletion(some));
      request.set_header("Content-Type", "application/xml");
      request.set_header("Content-MD5", to_base64(md5(*request.body)));
      const http_answer answer = co_await ask(std::move(request), some.front());
      if (answer.status / 100 != 2) throw refused(answer, location_of(some.front()));
      const auto left = read_deletion(answer.body, location_of(some.front()));
      if (!left) continue;
      error made(status::STORAGE_UNAVAILABLE,
                 fmt::format("the store could not delete it: {} {}", left->why.code, left->why.message),
                 location_of(left->key));
      made.store.code = left->why.code;
      throw std::move(made);
    }
  }

  const location &root() const noexcept override { return root_; }
  bool creates_exclusively() const noexcept override { return client_->to().is_cloudflares(); }
  std::chrono::nanoseconds rewrite_interval() const noexcept override { return std::chrono::seconds(1); }

 private:
  http_request request_of(const char *method, std::string_view key) const {
    http_request request;
    request.method = method;
    request.path = client_->to().path_of(key);
    request.headers.emplace_back("Host", client_->to().host_header());
    return request;
  }

  std::string location_of(const std::string &key) const { return root_.child(key).to_text(); }

  static bool is_absent(const http_answer &answer) {
    return answer.status == 404 && read_refusal(answer.body).code != "NoSuchBucket";
  }

  task<> sign_now(http_request &request, std::optional<std::int64_t> at_ms) {
    const credentials by = co_await settings_.by();
    const std::string hash = to_hex(sha256(request.body ? byte_view(*request.body) : byte_view()));
    request.set_header("x-amz-content-sha256", hash);
    const signing_scope scope{settings_.region, "s3"};
    sign(request, by, scope, at_ms.value_or(environment_->now_ms()) + server_ahead_ms_, hash);
  }

  std::optional<std::int64_t> server_time(const http_answer &answer) const {
    const std::string *date = answer.header("date");
    return date == nullptr ? std::nullopt : read_http_date(*date);
  }

  /// A clock that is wrong is set right by the store's, where that tells its time.
  bool learns_time(const http_answer &answer) {
    if (answer.status != 403 || read_refusal(answer.body).code != "RequestTimeTooSkewed") return false;
    const std::optional<std::int64_t> there = server_time(answer);
    if (!there) return false;
    server_ahead_ms_ = *there - environment_->now_ms();
    return true;
  }

  /// A request that may be repeated as often as it takes.
  task<http_answer> ask(http_request request, std::string about) {
    const steady_time begun = environment_->steady_now();
    bool has_learnt = false;
    for (int tries = 0;; ++tries) {
      co_await sign_now(request, std::nullopt);
      std::optional<http_answer> answer;
      std::exception_ptr broken;
      try {
        exchange_progress progress;
        answer = co_await client_->send(
            request, request.method == "GET" && request.query.empty() ? largest_object : largest_message, progress);
      } catch (const error &why) {
        if (why.code() != status::STORAGE_UNAVAILABLE) throw;
        broken = std::current_exception();
      }
      if (answer && !has_learnt && learns_time(*answer)) {
        has_learnt = true;
        continue;
      }
      if (answer && !may_pass(*answer)) co_return *std::move(answer);
      const auto wait = pause_before(tries, answer ? refused(*answer, about).store.retry_after_ms : -1);
      if (environment_->steady_now() - begun + wait > settings_.retry_budget) {
        if (broken) std::rethrow_exception(broken);
        co_return *std::move(answer);
      }
      co_await environment_->sleep(wait);
    }
  }

  /// A write whose answer matters: said at once, whatever it is.
  task<put_outcome> write(http_request request, std::string key, bool may_repeat,
                          std::optional<std::int64_t> signed_at_ms) {
    using kind = put_outcome::kind;
    if (may_repeat) {
      const http_answer answer = co_await ask(std::move(request), key);
      co_return outcome_of(answer, key);
    }
    co_await sign_now(request, signed_at_ms);
    exchange_progress progress;
    std::optional<error> broken;
    http_answer answer;
    try {
      answer = co_await client_->send(request, largest_message, progress);
    } catch (const error &why) {
      broken = why;
    }
    if (broken) co_return put_outcome(progress.was_sent ? kind::unknown : kind::failed, *std::move(broken));
    learns_time(answer);
    co_return outcome_of(answer, key);
  }

  put_outcome outcome_of(const http_answer &answer, const std::string &key) const {
    using kind = put_outcome::kind;
    if (answer.status / 100 == 2) {
      const std::string *etag = answer.header("etag");
      return put_outcome(kind::done, etag == nullptr ? std::string() : unquoted(*etag));
    }
    error why = refused(answer, location_of(key));
    // An object that is not there matches nothing; some stores say so with 404.
    if (answer.status == 412 || (answer.status == 404 && why.store.code == "NoSuchKey"))
      return put_outcome(kind::exists, std::string());
    const bool is_final = is_definite(answer, why.store.code);
    return put_outcome(is_final ? kind::failed : kind::unknown, std::move(why));
  }

  std::chrono::nanoseconds pause_before(int tries, std::int64_t asked_ms) {
    const auto longest = std::min<std::chrono::nanoseconds>(
        std::chrono::nanoseconds(first_pause) * (1 << std::min(tries, 10)), longest_pause);
    const std::chrono::nanoseconds jitter(
        static_cast<std::int64_t>(environment_->random_u64() % static_cast<std::uint64_t>(longest.count())));
    return asked_ms < 0 ? jitter : std::chrono::milliseconds(asked_ms) + jitter;
  }

  const std::shared_ptr<runtime> environment_;
  const std::shared_ptr<http_client> client_;
  const s3_store_settings settings_;
  const location root_;
  std::atomic<std::int64_t> server_ahead_ms_{0};
};

}  // namespace

std::shared_ptr<object_store> make_s3_store(std::shared_ptr<runtime> environment, std::shared_ptr<http_client> client,
                                            s3_store_settings settings) {
  return std::make_shared<s3_store>(std::move(environment), std::move(client), std::move(settings));
}

}  // namespace evodb::r2
