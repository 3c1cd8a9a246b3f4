#include "io/s3/s3_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/hash.h"
#include "http/http_date.h"
#include "io/s3/listing_progress.h"
#include "io/s3/multipart_upload.h"
#include "io/s3/s3_responses.h"

namespace evodb {
namespace {

constexpr std::int64_t keys_a_page = 1000;
constexpr std::size_t keys_a_deletion = 1000;
constexpr std::string_view metadata_prefix = "x-amz-meta-";

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = -1;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

/// Null where the answer does not say how long it is: then nothing tells whether it is whole, or of a HEAD how large the
/// object.
std::optional<std::int64_t> length_of(const http_answer &answer) {
  const std::string *length = answer.header("content-length");
  return length == nullptr ? std::nullopt : number_in(*length);
}

/// Of "bytes 0-9/100"; null where it is not of that form, or contradicts itself.
struct content_range {
  byte_range part;
  std::int64_t size = 0;
};
std::optional<content_range> read_content_range(std::string_view text) {
  constexpr std::string_view unit = "bytes ";
  const std::size_t dash = text.find('-'), slash = text.find('/');
  if (!text.starts_with(unit) || dash == text.npos || slash == text.npos || slash < dash) return std::nullopt;
  const auto first = number_in(text.substr(unit.size(), dash - unit.size()));
  const auto last = number_in(text.substr(dash + 1, slash - dash - 1));
  const auto size = number_in(text.substr(slash + 1));
  if (!first || !last || !size || *first > *last || *last >= *size) return std::nullopt;
  content_range read;
  read.part = byte_range(*first, *last - *first + 1);
  read.size = *size;
  return read;
}

object_meta meta_of(const http_answer &answer, std::string key, std::int64_t size) {
  object_meta meta;
  meta.size = size;
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

/// What keeps an answer to a GET of status 2xx from being the part that was asked for; empty where it is. `size` becomes
/// that of the whole object. A server may give everything instead of the part.
std::string flaw_of(const http_answer &answer, const byte_range &asked, std::int64_t &size) {
  const auto body_size = static_cast<std::int64_t>(answer.body.size());
  if (is_page(answer)) return "with a page";
  if (answer.status == 200) {
    const std::string *coding = answer.header("transfer-encoding");
    size = body_size;
    return length_of(answer) || coding != nullptr ? "" : "without saying how long it is";
  }
  const std::string *text = answer.header("content-range");
  const auto range = text == nullptr ? std::nullopt : read_content_range(*text);
  if (answer.status != 206 || !range) return "without saying which part of the object it gives";
  size = range->size;
  const byte_range wanted = asked.within(size);
  const bool is_wanted = range->part.offset == wanted.offset && range->part.length == wanted.length;
  return is_wanted && body_size == wanted.length ? "" : "with another part of the object than was asked for";
}

/// Nothing but the store's own word tells that an object is not there: others on the way answer 404, too.
bool is_absent(const http_answer &answer) {
  return answer.status == 404 && read_refusal(answer.body).code == "NoSuchKey";
}

/// Whether a HEAD's 404, which has no code, may be that of another server: stores describe no text, or XML.
bool may_be_anothers(const http_answer &answer) {
  const std::string *type = answer.header("content-type");
  return type != nullptr && type->starts_with("text/") && !type->starts_with("text/xml");
}

class s3_store final : public object_store {
 public:
  s3_store(std::shared_ptr<runtime> environment, std::shared_ptr<http_client> client, s3_settings settings)
      : object_store(settings.identity), client_(std::move(environment), std::move(client), std::move(settings)) {}

  task<std::optional<object>> get(std::string key, byte_range range) override {
    if (range.length == 0) co_return co_await describe(std::move(key));
    http_request request = client_.request("GET", key);
    if (const std::string text = range_text(range); !text.empty()) request.set_header("Range", text);
    object found;
    success_reader read = [&](http_answer &answer) {
      std::int64_t size = 0;
      const std::string flaw = flaw_of(answer, range, size);
      if (!flaw.empty()) throw client_.unproved(answer, key, flaw);
      found.server_now_ms = server_time(answer);
      found.meta = meta_of(answer, key, size);
      found.body = std::move(answer.body);
      const byte_range part = range.within(size);
      if (answer.status == 200 && part.length < size)  // of a store without ranges
        found.body = found.body.substr(static_cast<std::size_t>(part.offset), static_cast<std::size_t>(part.length));
    };
    const http_answer answer = co_await client_.ask(std::move(request), key, std::move(read));
    if (is_absent(answer)) co_return std::nullopt;
    if (answer.status == 416) co_return co_await describe(std::move(key));
    if (answer.status / 100 != 2) throw client_.refused(answer, key, refused_request::kind::read);
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
    success_reader read = [](http_answer &) {};
    const http_answer answer = co_await client_.ask(client_.request("HEAD", key), key, std::move(read));
    if (answer.status == 404 && !may_be_anothers(answer)) co_return std::nullopt;
    const std::optional<std::int64_t> size = length_of(answer);
    if (answer.status == 200 && size && !is_page(answer)) co_return meta_of(answer, std::move(key), *size);
    if (may_pass(answer, refusal())) throw client_.refused(answer, key, refused_request::kind::read);
    co_return co_await head_by_get(std::move(key));
  }

  /// For a HEAD whose answer does not say enough: it has no body, so that no code stands in it, and what compresses
  /// answers on the way leaves out the length.
  task<std::optional<object_meta>> head_by_get(std::string key) {
    const byte_range first_byte{0, 1};
    http_request request = client_.request("GET", key);
    request.set_header("Range", range_text(first_byte));
    object_meta found;
    success_reader read = [&](http_answer &answer) {
      std::int64_t size = 0;
      const std::string flaw = flaw_of(answer, first_byte, size);
      if (!flaw.empty()) throw client_.unproved(answer, key, flaw);
      found = meta_of(answer, key, size);
    };
    const http_answer answer = co_await client_.ask(std::move(request), key, std::move(read));
    if (is_absent(answer)) co_return std::nullopt;
    if (answer.status == 416) co_return meta_of(answer, std::move(key), 0);  // which has no first byte
    if (answer.status / 100 != 2) throw client_.refused(answer, key, refused_request::kind::read);
    co_return found;
  }

  task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) override {
    const bool matches_nothing =
        options.condition.when == put_condition::kind::if_match && options.condition.etag.empty();
    if (matches_nothing)
      co_return put_outcome(put_outcome::kind::exists, std::string());  // some stores would ignore such a condition
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
    const std::shared_ptr<const bytes> content = request.body;
    success_reader read = [](http_answer &) {};
    const http_answer answer = co_await client_.ask(std::move(request), key, std::move(read));
    put_outcome outcome = client_.outcome_of(answer, key);
    if (outcome.what != put_outcome::kind::unknown || answer.status / 100 != 2) co_return outcome;
    const byte_range everything;
    const std::optional<object> stored = co_await get(std::move(key), everything);
    if (stored && stored->body == *content) outcome = put_outcome(put_outcome::kind::done, stored->meta.etag);
    co_return outcome;
  }

  task<listing> list(list_options options) override {
    const std::string folder = options.prefix.substr(0, options.prefix.rfind('/') + 1);
    listing all;
    listing_progress progress(client_.location_of(folder));
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
      listing_page page;
      success_reader read = [&](http_answer &answer) { page = read_listing(answer.body, client_.location_of(folder)); };
      const http_answer answer = co_await client_.ask(std::move(request), folder, std::move(read));
      if (answer.status / 100 != 2) throw client_.refused(answer, folder, refused_request::kind::list);
      progress.check(page.found, options.prefix, page.next);
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
    listing all;
    listing_progress progress(client_.location_of(prefix));
    uploads_page page;
    do {
      http_request request = client_.request("GET", {});
      request.query = {{"uploads", ""}, {"prefix", prefix}, {"delimiter", "/"}, {"encoding-type", "url"}};
      if (!page.next_key.empty()) request.query.emplace_back("key-marker", page.next_key);
      if (!page.next_id.empty()) request.query.emplace_back("upload-id-marker", page.next_id);
      success_reader read = [&](http_answer &answer) { page = read_uploads(answer.body, client_.location_of(prefix)); };
      const http_answer answer = co_await client_.ask(std::move(request), prefix, std::move(read));
      if (answer.status / 100 != 2) throw client_.refused(answer, prefix, refused_request::kind::list);
      listing found;
      found.objects = std::move(page.found);
      const std::string next = page.next_key.empty() ? std::string() : page.next_key + '\n' + page.next_id;
      progress.check(found, prefix, next);
      std::move(found.objects.begin(), found.objects.end(), std::back_inserter(all.objects));
    } while (!page.next_key.empty());
    co_return std::move(all.objects);
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
      success_reader read = [&](http_answer &answer) {
        const auto left = read_deletion(answer.body, client_.location_of(some.front()));
        if (!left) return;
        const bool is_denied = left->why.code == "AccessDenied";
        error made(is_denied ? status::ACCESS_DENIED : status::STORAGE_UNAVAILABLE,
                   fmt::format("the store could not delete it: {} {}", left->why.code, left->why.message),
                   client_.location_of(left->key));
        made.store.code = left->why.code;
        throw std::move(made);
      };
      const http_answer answer = co_await client_.ask(std::move(request), some.front(), std::move(read));
      if (answer.status / 100 != 2) throw client_.refused(answer, some.front(), refused_request::kind::write);
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
  std::chrono::nanoseconds rewrite_interval() const noexcept override { return evodb::rewrite_interval; }
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

}  // namespace evodb
