#include "simulation/http_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "http/http_request.h"

namespace evodb::simulation {
namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";
constexpr std::string_view metadata_prefix = "x-amz-meta-";
constexpr std::string_view path_of_bucket = "/simulated";

std::int64_t number_in(std::string_view text) {
  std::int64_t number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Up to the separator, and the rest behind it.
std::string_view take(std::string_view &rest, std::string_view separator) {
  const std::size_t at = std::min(rest.find(separator), rest.size());
  const std::string_view first = rest.substr(0, at);
  rest.remove_prefix(std::min(at + separator.size(), rest.size()));
  return first;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

std::string header_of(const received_request &received, const std::string &name) {
  const auto found = received.headers.find(name);
  return found == received.headers.end() ? std::string() : found->second;
}

std::string parameter_of(const received_request &received, const std::string &name) {
  const auto found = received.query.find(name);
  return found == received.query.end() ? std::string() : found->second;
}

std::string unquoted(std::string text) {
  std::erase(text, '"');
  return text;
}

/// Of "20150830T123600Z".
std::int64_t signed_at(const received_request &received) {
  std::string text = header_of(received, "x-amz-date");
  for (const std::size_t at : {4u, 7u}) text.insert(at, "-");
  for (const std::size_t at : {13u, 16u}) text.insert(at, ":");
  return parse_timestamp(text).instant(1000);
}

put_options options_of(const received_request &received) {
  put_options options;
  if (header_of(received, "if-none-match") == "*")
    options.condition = put_condition(put_condition::kind::if_absent);
  else if (received.headers.contains("if-match"))
    options.condition = put_condition(put_condition::kind::if_match, unquoted(header_of(received, "if-match")));
  for (const auto &[name, value] : received.headers)
    if (name.starts_with(metadata_prefix))
      options.user_metadata.emplace_back(name.substr(metadata_prefix.size()), value);
  options.signed_at_ms = signed_at(received);
  return options;
}

list_options listing_of(const received_request &received) {
  list_options options;
  options.prefix = parameter_of(received, "prefix");
  options.delimiter = parameter_of(received, "delimiter");
  const std::string token = parameter_of(received, "continuation-token");
  options.start_after = token.empty() ? parameter_of(received, "start-after") : token;
  options.limit = number_in(parameter_of(received, "max-keys"));
  return options;
}

std::vector<std::string> keys_of(const received_request &received) {
  pugi::xml_document document;
  document.load_buffer(received.body.data(), received.body.size());
  std::vector<std::string> keys;
  for (const pugi::xml_node &one : document.child("Delete").children("Object")) keys.push_back(one.child_value("Key"));
  return keys;
}

bucket::answer answered_with(int status, std::string code) {
  bucket::answer made;
  made.status = status;
  made.code = std::move(code);
  return made;
}

bucket::answer answered_with(std::string document) {
  bucket::answer made;
  made.document = std::move(document);
  return made;
}

/// The part that "bytes=0-1023" asks for.
bucket::answer part_of(bucket::answer whole, std::string range) {
  if (range.empty() || !whole.found) return whole;
  std::string_view rest = range;
  take(rest, "=");
  const std::int64_t first = number_in(take(rest, "-"));
  const std::int64_t last = number_in(rest);
  const std::int64_t size = whole.found->meta.size;
  const byte_range asked = first < 0 ? byte_range(-last, -1) : byte_range(first, last < 0 ? -1 : last - first + 1);
  whole.part = asked.within(size);
  if (whole.part->length == 0) return answered_with(416, "InvalidRange");
  return whole;
}

std::string document_of(const listing &found, const std::string &next) {
  std::string rows;
  for (const object_meta &one : found.objects)
    rows += fmt::format(
        "<Contents><Key>{}</Key><Size>{}</Size><ETag>\"{}\"</ETag><LastModified>{}</LastModified></Contents>",
        encoded_path(one.key), one.size, one.etag, epoch_ms_to_text(one.last_modified_ms));
  for (const std::string &one : found.common_prefixes)
    rows += fmt::format("<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", encoded_path(one));
  if (!next.empty())
    rows += fmt::format("<IsTruncated>true</IsTruncated><NextContinuationToken>{}</NextContinuationToken>", next);
  return fmt::format("<ListBucketResult><EncodingType>url</EncodingType>{}</ListBucketResult>", rows);
}

bucket::answer page_of(bucket &to, const list_options &options) {
  const listing found = to.list(options).listed;
  const auto count = static_cast<std::int64_t>(found.objects.size() + found.common_prefixes.size());
  std::string last;
  if (!found.objects.empty()) last = found.objects.back().key;
  if (!found.common_prefixes.empty()) last = std::max(last, found.common_prefixes.back());
  return answered_with(document_of(found, count == options.limit ? last : std::string()));
}

/// Some are deleted, and the answer says which one was not.
bucket::answer delete_half(bucket &to, const std::vector<std::string> &keys, world &in) {
  std::vector<std::string> some;
  std::string left;
  for (const std::string &key : keys) {
    if (in.chance(0.5))
      some.push_back(key);
    else
      left = key;
  }
  to.remove(some);
  if (left.empty()) return answered_with("<DeleteResult/>");
  return answered_with(
      fmt::format("<DeleteResult><Error><Key>{}</Key><Code>InternalError</Code></Error></DeleteResult>", left));
}

std::string date_of(std::int64_t at_ms) {
  const std::string text = epoch_ms_to_text(at_ms);  // "2026-11-27T12:00:00…"
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto month = static_cast<std::size_t>(number_in(text.substr(5, 2)));
  return fmt::format("Mon, {} {} {} {} GMT", text.substr(8, 2), months.substr(3 * (month - 1), 3), text.substr(0, 4),
                     text.substr(11, 8));
}

const char *reason_of(int status) {
  return status / 100 == 2 ? "OK" : "Refused";
}

}  // namespace

std::optional<received_request> take_request(std::string &unread) {
  const std::size_t end = unread.find(end_of_head);
  if (end == unread.npos) return std::nullopt;
  received_request made;
  std::string_view head = std::string_view(unread).substr(0, end);
  std::string_view line = take(head, "\r\n");
  made.method = take(line, " ");
  std::string_view query = take(line, " ");
  std::string_view path = take(query, "?");
  path.remove_prefix(std::min(path.size(), path_of_bucket.size() + 1));
  made.key = decoded(path).value();
  while (!query.empty()) {
    std::string_view one = take(query, "&");
    const std::string_view name = take(one, "=");
    made.query.emplace(decoded(name).value(), decoded(one).value());
  }
  while (!head.empty()) {
    std::string_view field = take(head, "\r\n");
    const std::string_view name = take(field, ": ");
    made.headers.emplace(lower_case(name), field);
  }
  const std::string length = header_of(made, "content-length");
  const std::size_t size = length.empty() ? 0 : static_cast<std::size_t>(number_in(length));
  const std::size_t begin = end + end_of_head.size();
  if (unread.size() - begin < size) return std::nullopt;
  made.body = unread.substr(begin, size);
  unread.erase(0, begin + size);
  return made;
}

sent_request request_of(received_request received, network &through) {
  using kind = sent_request::kind;
  sent_request made;
  made.key = received.key;
  std::function<bucket::answer(bucket &)> serve;
  if (received.method == "PUT") {
    made.what = kind::put;
    const put_options options = options_of(received);
    made.signed_at_ms = options.signed_at_ms;
    const auto body = std::make_shared<const bytes>(received.body);
    serve = [key = received.key, body, options](bucket &to) { return to.put(key, body, options); };
  } else if (received.method == "POST" && received.query.contains("delete")) {
    made.what = kind::remove;
    const std::vector<std::string> keys = keys_of(received);
    if (!keys.empty()) made.key = keys.front();
    const bool is_half = keys.size() > 1 && through.strikes(&misfortunes::delete_half, "half deleted");
    serve = [keys, is_half, &in = through.in()](bucket &to) {
      if (is_half) return delete_half(to, keys, in);
      to.remove(keys);
      return answered_with("<DeleteResult/>");
    };
  } else if (received.query.contains("list-type")) {
    made.what = kind::list;
    const list_options options = listing_of(received);
    made.key = options.prefix;
    serve = [options](bucket &to) { return page_of(to, options); };
  } else {
    made.what = received.method == "HEAD" ? kind::head : kind::get;
    serve = [key = received.key, range = header_of(received, "range")](bucket &to) {
      return part_of(to.get(key), range);
    };
  }
  made.serve = [serve = std::move(serve), at_ms = signed_at(received), &in = through.in()](bucket &to) {
    return bucket::accepts(at_ms, in.now_ms()) ? serve(to) : to.refuse_signature();
  };
  return made;
}

std::string text_of(const bucket::answer &answer, bool is_head, std::int64_t now_ms) {
  std::string fields = fmt::format("Date: {}\r\n", date_of(now_ms));
  bytes body = answer.document;
  int status = answer.status;
  if (!answer.code.empty()) body = fmt::format("<Error><Code>{}</Code><Message>made up</Message></Error>", answer.code);
  if (answer.retry_after_s) fields += fmt::format("Retry-After: {}\r\n", *answer.retry_after_s);
  if (!answer.etag.empty()) fields += fmt::format("ETag: \"{}\"\r\n", answer.etag);
  if (answer.found) {
    const object_meta &meta = answer.found->meta;
    body = *answer.found->body;
    fields += fmt::format("ETag: \"{}\"\r\nLast-Modified: {}\r\n", meta.etag, date_of(meta.last_modified_ms));
    for (const auto &[name, value] : meta.user_metadata)
      fields += fmt::format("{}{}: {}\r\n", metadata_prefix, name, value);
  }
  if (answer.part) {
    const auto first = static_cast<std::size_t>(answer.part->offset);
    const auto length = static_cast<std::size_t>(answer.part->length);
    fields += fmt::format("Content-Range: bytes {}-{}/{}\r\n", first, first + length - 1, body.size());
    body = body.substr(first, length);
    status = 206;
  }
  std::string text =
      fmt::format("HTTP/1.1 {} {}\r\n{}Content-Length: {}\r\n\r\n", status, reason_of(status), fields, body.size());
  return is_head ? text : text + body;
}

}  // namespace evodb::simulation
