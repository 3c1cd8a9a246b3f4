#include "io/r2/s3_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/hash.h"
#include "io/r2/answers.h"
#include "io/r2/http_date.h"
#include "io/r2/multipart_upload.h"

namespace evodb::r2 {
namespace {

constexpr std::int64_t keys_a_page = 1000;
constexpr std::size_t keys_a_deletion = 1000;
constexpr std::string_view metadata_prefix = "x-amz-meta-";

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

/// Nothing but the store's own word tells that an object is not there: others on the way answer 404, too.
bool is_absent(const http_answer &answer) {
  return answer.status == 404 && read_refusal(answer.body).code == "NoSuchKey";
}

class s3_store final : public object_store {
 public:
  s3_store(std::shared_ptr<runtime> environment, std::shared_ptr<http_client> client, s3_settings settings)
      : client_(std::move(environment), std::move(client), std::move(settings)) {}

  task<std::optional<object>> get(std::string key, byte_range range) override {
    if (range.length == 0) co_return co_await describe(std::move(key));
    http_request request = client_.request("GET", key);
    if (const std::string text = range_text(range); !text.empty()) request.set_header("Range", text);
    http_answer answer = co_await client_.ask(std::move(request), key);
    if (is_absent(answer)) co_return std::nullopt;
    if (answer.status == 416) co_return co_await describe(std::move(key));
    if (answer.status / 100 != 2) throw client_.refused(answer, key);
    object found;
    found.server_now_ms = server_time(answer);
    found.meta = meta_of(answer, key);
    found.body = std::move(answer.body);
    const byte_range part = range.within(found.meta.size);
    if (answer.status == 200 && part.length < found.meta.size) {  // of a store that knows no ranges
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
    const http_answer answer = co_await client_.ask(client_.request("HEAD", key), key);
    if (answer.status == 404) co_return std::nullopt;
    if (answer.status / 100 != 2) throw client_.refused(answer, key);
    co_return meta_of(answer, std::move(key));
  }

  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    const bool matches_nothing =
        options.condition.when == put_condition::kind::if_match && options.condition.etag.empty();
    if (matches_nothing)
      co_return put_outcome(put_outcome::kind::exists, std::string());  // some stores would heed no such condition
    http_request request = client_.request("PUT", key);
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
    if (!may_repeat) co_return co_await client_.write_once(std::move(request), std::move(key), options.signed_at_ms);
    const http_answer answer = co_await client_.ask(std::move(request), key);
    co_return client_.outcome_of(answer, key);
  }

  task<listing> list(list_options options) override {
    const std::string folder = options.prefix.substr(0, options.prefix.rfind('/') + 1);
    listing all;
    std::string next;
    const auto missing = [&] {
      const auto found = static_cast<std::int64_t>(all.objects.size() + all.common_prefixes.size());
      return options.limit < 0 ? keys_a_page : std::min(options.limit - found, keys_a_page);
    };
    while (missing() > 0) {
      http_request request = client_.request("GET", {});
      request.query = {{"list-type", "2"}, {"encoding-type", "url"}, {"max-keys", std::to_string(missing())}};
      if (!options.prefix.empty()) request.query.emplace_back("prefix", options.prefix);
      if (!options.delimiter.empty()) request.query.emplace_back("delimiter", options.delimiter);
      if (!options.start_after.empty()) request.query.emplace_back("start-after", options.start_after);
      if (!next.empty()) request.query.emplace_back("continuation-token", next);
      const http_answer answer = co_await client_.ask(std::move(request), folder);
      if (answer.status / 100 != 2) throw client_.refused(answer, folder);
      listing_page page = read_listing(answer.body, client_.location_of(folder));
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

  task<std::vector<object_meta>> list_unfinished(std::string prefix) override {
    std::vector<object_meta> all;
    uploads_page page;
    do {
      http_request request = client_.request("GET", {});
      request.query = {{"uploads", ""}, {"prefix", prefix}, {"delimiter", "/"}, {"encoding-type", "url"}};
      if (!page.next_key.empty()) request.query.emplace_back("key-marker", page.next_key);
      if (!page.next_id.empty()) request.query.emplace_back("upload-id-marker", page.next_id);
      const http_answer answer = co_await client_.ask(std::move(request), prefix);
      if (answer.status / 100 != 2) throw client_.refused(answer, prefix);
      page = read_uploads(answer.body, client_.location_of(prefix));
      std::move(page.found.begin(), page.found.end(), std::back_inserter(all));
    } while (!page.next_key.empty());
    co_return all;
  }

  task<> remove(std::vector<std::string> keys) override {
    for (std::size_t first = 0; first < keys.size(); first += keys_a_deletion) {
      const std::vector<std::string> some(
          keys.begin() + static_cast<std::ptrdiff_t>(first),
          keys.begin() + static_cast<std::ptrdiff_t>(std::min(first + keys_a_deletion, keys.size())));
      http_request request = client_.request("POST", {});
      request.query = {{"delete", ""}};
      request.body = std::make_shared<const bytes>(write_deletion(some));
      request.set_header("Content-Type", "application/xml");
      request.set_header("Content-MD5", to_base64(md5(*request.body)));
      const http_answer answer = co_await client_.ask(std::move(request), some.front());
      if (answer.status / 100 != 2) throw client_.refused(answer, some.front());
      const auto left = read_deletion(answer.body, client_.location_of(some.front()));
      if (!left) continue;
      error made(status::STORAGE_UNAVAILABLE,
                 fmt::format("the store could not delete it: {} {}", left->why.code, left->why.message),
                 client_.location_of(left->key));
      made.store.code = left->why.code;
      throw std::move(made);
    }
  }

  task<put_outcome> upload(std::string key, std::shared_ptr<byte_source> content, put_options options) override {
    const bool is_small = content->size() <= multipart_upload::smallest_part_bytes;
    if (is_small || options.condition.when != put_condition::kind::always)
      co_return co_await object_store::upload(std::move(key), std::move(content), std::move(options));
    multipart_upload in_parts(client_, std::move(key), std::move(content));
    co_return co_await in_parts.run(options.content_type);
  }

  const location &root() const noexcept override { return client_.root(); }
  bool creates_exclusively() const noexcept override { return client_.is_cloudflares(); }
  std::chrono::nanoseconds rewrite_interval() const noexcept override { return r2::rewrite_interval; }
  std::int64_t clock_ahead_ms() const noexcept override { return client_.clock_ahead_ms(); }
  std::int64_t count_of(store_counter which) const noexcept override { return client_.count_of(which); }

 private:
  s3_client client_;
};

}  // namespace

std::shared_ptr<object_store> make_s3_store(std::shared_ptr<runtime> environment, std::shared_ptr<http_client> client,
                                            s3_settings settings) {
  return std::make_shared<s3_store>(std::move(environment), std::move(client), std::move(settings));
}

}  // namespace evodb::r2
