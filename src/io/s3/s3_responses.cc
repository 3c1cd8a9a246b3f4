#include "io/s3/s3_responses.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>

#include "base/error.h"
#include "base/time.h"
#include "http/http_request.h"

namespace evodb {
namespace {

constexpr std::size_t longest_message = 1000;
constexpr std::size_t longest_token = 16 << 10;
constexpr std::size_t longest_name = 100;                      ///< of a code, a host or a region
constexpr std::size_t largest_refusal = std::size_t{1} << 20;  ///< what is larger is an object, or no refusal
constexpr const char *name_space = "http://s3.amazonaws.com/doc/2006-03-01/";

pugi::xml_document parse(byte_view body, const char *root, std::string_view subject) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(body.data(), body.size());
  if (!parsed || !document.child(root))
    fail(status::CORRUPT,
         fmt::format(
             "the store's answer is no {} but {}: check the endpoint, and what stands between, such as a proxy or a "
             "login page",
             root, parsed ? "something else" : "no whole XML"),
         std::string(subject));
  return document;
}

/// An id or a token of the store, which it gets back with a request.
std::string read_token(const pugi::xml_node &from, const char *name, std::string_view subject) {
  std::string token = from.child_value(name);
  if (token.size() > longest_token)
    fail(status::CORRUPT, fmt::format("the store's answer has an {} of {} bytes", name, token.size()),
         std::string(subject));
  return token;
}

/// Whether a listing goes on behind this page; not all stores say that it does not.
bool goes_on(const pugi::xml_node &root, std::string_view subject) {
  const std::string_view text = root.child_value("IsTruncated");
  if (text != "true" && text != "false" && !text.empty())
    fail(status::CORRUPT, "the store's listing does not say whether it goes on", std::string(subject));
  return text == "true";
}

/// 0 where it is missing or cannot be read.
std::int64_t read_time(std::string_view text) {
  try {
    return parse_timestamp(text).instant(1000);
  } catch (const error &) {
    return 0;
  }
}

/// A key of a listing that says that it encodes them; some write a space as "+".
std::string decoded_key(std::string text, std::string_view subject) {
  std::replace(text.begin(), text.end(), '+', ' ');
  std::optional<std::string> key = decoded(text);
  if (!key)
    fail(status::CORRUPT,
         fmt::format("the store's answer has a key that is not encoded as it says: {}", printable(text, longest_name)),
         std::string(subject));
  return *std::move(key);
}

object_meta read_object(const pugi::xml_node &from, bool is_encoded, std::string_view subject) {
  object_meta meta;
  const std::string_view key = from.child_value("Key");
  meta.key = is_encoded ? decoded_key(std::string(key), subject) : std::string(key);
  const std::string_view size = from.child_value("Size");
  const auto [end, failed] = std::from_chars(size.data(), size.data() + size.size(), meta.size);
  if (meta.key.empty() || failed != std::errc() || end != size.data() + size.size() || meta.size < 0)
    fail(status::CORRUPT,
         fmt::format("the store lists an object without a key or a size: '{}'", printable(key, longest_name)),
         std::string(subject));
  meta.etag = unquoted(from.child_value("ETag"));
  meta.last_modified_ms = read_time(from.child_value("LastModified"));
  return meta;
}

refusal refusal_in(const pugi::xml_node &error) {
  refusal read;
  read.code = printable(error.child_value("Code"), longest_name);
  read.message = printable(error.child_value("Message"), longest_message);
  read.endpoint = printable(error.child_value("Endpoint"), longest_name);
  read.region = printable(error.child_value("Region"), longest_name);
  return read;
}

bytes text_of(const pugi::xml_document &document) {
  struct writer : pugi::xml_writer {
    bytes out;
    void write(const void *data, std::size_t size) override { out.append(static_cast<const char *>(data), size); }
  } to;
  document.save(to, "", pugi::format_raw);
  return std::move(to.out);
}

}  // namespace

std::string unquoted(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  return std::string(etag);
}

std::string printable(std::string_view text, std::size_t longest) {
  std::size_t end = std::min(text.size(), longest);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  std::string out(text.substr(0, end));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

refusal read_refusal(byte_view body) {
  pugi::xml_document document;
  if (body.size() > largest_refusal || !document.load_buffer(body.data(), body.size())) return {};
  return refusal_in(document.child("Error"));
}

listing_page read_listing(byte_view body, std::string_view subject) {
  const pugi::xml_document document = parse(body, "ListBucketResult", subject);
  const pugi::xml_node root = document.child("ListBucketResult");
  const bool is_encoded = std::string_view(root.child_value("EncodingType")) == "url";
  listing_page page;
  for (const pugi::xml_node &one : root.children("Contents"))
    page.found.objects.push_back(read_object(one, is_encoded, subject));
  for (const pugi::xml_node &one : root.children("CommonPrefixes")) {
    const std::string_view prefix = one.child_value("Prefix");
    page.found.common_prefixes.push_back(is_encoded ? decoded_key(std::string(prefix), subject) : std::string(prefix));
  }
  if (!goes_on(root, subject)) return page;
  page.next = read_token(root, "NextContinuationToken", subject);
  if (page.next.empty())
    fail(status::CORRUPT, "the store's listing goes on, but does not say how", std::string(subject));
  return page;
}

uploads_page read_uploads(byte_view body, std::string_view subject) {
  const pugi::xml_document document = parse(body, "ListMultipartUploadsResult", subject);
  const pugi::xml_node root = document.child("ListMultipartUploadsResult");
  const bool is_encoded = std::string_view(root.child_value("EncodingType")) == "url";
  const auto key_of = [&](const pugi::xml_node &from, const char *name) {
    std::string key = read_token(from, name, subject);
    return is_encoded ? decoded_key(std::move(key), subject) : key;
  };
  uploads_page page;
  for (const pugi::xml_node &one : root.children("Upload")) {
    page.found.emplace_back();
    page.found.back().key = key_of(one, "Key");
    page.found.back().last_modified_ms = read_time(one.child_value("Initiated"));
  }
  if (!goes_on(root, subject)) return page;
  page.next_key = key_of(root, "NextKeyMarker");
  page.next_id = read_token(root, "NextUploadIdMarker", subject);
  if (page.next_key.empty())
    fail(status::CORRUPT, "the store's listing goes on, but does not say how", std::string(subject));
  return page;
}

bytes write_deletion(const std::vector<std::string> &keys) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("Delete");
  root.append_attribute("xmlns") = name_space;
  for (const std::string &key : keys) root.append_child("Object").append_child("Key").text() = key.c_str();
  root.append_child("Quiet").text() = "true";
  return text_of(document);
}

std::optional<undeleted> read_deletion(byte_view body, std::string_view subject) {
  const pugi::xml_document document = parse(body, "DeleteResult", subject);
  const pugi::xml_node error = document.child("DeleteResult").child("Error");
  if (!error) return std::nullopt;
  undeleted first;
  first.key = error.child_value("Key");
  first.why = refusal_in(error);
  return first;
}

std::string read_upload_id(byte_view body, std::string_view subject) {
  const pugi::xml_document document = parse(body, "InitiateMultipartUploadResult", subject);
  std::string id = read_token(document.child("InitiateMultipartUploadResult"), "UploadId", subject);
  if (id.empty()) fail(status::CORRUPT, "the store began an upload without an id", std::string(subject));
  return id;
}

std::string read_completion(byte_view body, std::string_view subject) {
  const pugi::xml_document document = parse(body, "CompleteMultipartUploadResult", subject);
  std::string etag = unquoted(document.child("CompleteMultipartUploadResult").child_value("ETag"));
  if (etag.empty()) fail(status::CORRUPT, "the store completed an upload without an ETag", std::string(subject));
  return etag;
}

bytes write_completion(const std::vector<std::string> &etags) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = name_space;
  for (std::size_t i = 0; i < etags.size(); ++i) {
    pugi::xml_node part = root.append_child("Part");
    part.append_child("ETag").text() = fmt::format("\"{}\"", etags[i]).c_str();
    part.append_child("PartNumber").text() = static_cast<unsigned>(i + 1);
  }
  return text_of(document);
}

}  // namespace evodb
