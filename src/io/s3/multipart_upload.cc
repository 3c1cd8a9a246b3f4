#include "io/s3/multipart_upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/hash.h"
#include "io/s3/s3_responses.h"
#include "runtime/cancellation.h"
#include "runtime/deadline.h"
#include "runtime/when_all.h"

namespace evodb {
namespace {

using kind = put_outcome::kind;

constexpr std::int64_t most_parts = 10'000;
constexpr std::size_t parts_at_once = 4;

std::int64_t part_bytes_of(std::int64_t size) {
  return std::max(multipart_upload::smallest_part_bytes, (size + most_parts - 1) / most_parts);
}

/// As S3 makes it: the MD5 of the parts' MD5s, which are their ETags.
std::string etag_of_parts(const std::vector<std::string> &etags) {
  bytes all;
  for (const std::string &one : etags) {
    if (one.size() != 32 || one.find_first_not_of("0123456789abcdefABCDEF") != one.npos) return {};
    all += from_hex(one);
  }
  return fmt::format("{}-{}", to_hex(md5(all)), etags.size());
}

}  // namespace

multipart_upload::multipart_upload(s3_client &client, std::string key, std::shared_ptr<byte_source> content)
    : client_(client),
      key_(std::move(key)),
      content_(std::move(content)),
      part_bytes_(part_bytes_of(content_->size())),
      etags_(static_cast<std::size_t>((content_->size() + part_bytes_ - 1) / part_bytes_)) {}

http_request multipart_upload::request_of_upload(const char *method) const {
  http_request request = client_.request(method, key_);
  request.query = {{"uploadId", id_}};
  return request;
}

http_request multipart_upload::request_of_part(std::size_t index, bytes content) const {
  http_request request = client_.request("PUT", key_);
  request.query = {{"partNumber", std::to_string(index + 1)}, {"uploadId", id_}};
  request.body = std::make_shared<const bytes>(std::move(content));
  request.set_header("Content-MD5", to_base64(md5(*request.body)));
  return request;
}

task<put_outcome> multipart_upload::run(std::string content_type) {
  put_outcome outcome;
  std::exception_ptr broken;
  try {
    outcome = co_await transfer(std::move(content_type));
  } catch (...) {
    broken = as_seen_by_callers(std::current_exception());
  }
  co_await disregard_cancellation();
  if (broken) outcome = put_outcome(kind::failed, error_of(std::move(broken)));
  if (outcome.what != kind::done && !id_.empty()) {
    // Parts that are left behind are paid for, until the store takes them away by itself (R2: after seven days).
    std::function<task<>()> give_up = [this] { return abort(); };
    co_await tidy_up(client_.runtime(), std::move(give_up));
  }
  co_return outcome;
}

task<put_outcome> multipart_upload::transfer(std::string content_type) {
  co_await begin(std::move(content_type));
  std::function<task<>(std::size_t)> body = [this](std::size_t i) { return send_part(i); };
  co_await for_each_concurrently(etags_.size(), parts_at_once, std::move(body));
  co_return co_await complete();
}

task<> multipart_upload::begin(std::string content_type) {
  http_request request = client_.request("POST", key_);
  request.query.emplace_back("uploads", "");
  request.set_header("Content-Type", content_type);
  success_reader read = [this](http_answer &answer) { id_ = read_upload_id(answer.body, client_.location_of(key_)); };
  const http_answer answer = co_await client_.ask(std::move(request), key_, std::move(read));
  if (answer.status / 100 != 2) throw client_.refused(answer, key_, refused_request::kind::write);
}

task<> multipart_upload::send_part(std::size_t index) {
  const std::int64_t offset = static_cast<std::int64_t>(index) * part_bytes_;
  const std::int64_t length = std::min(part_bytes_, content_->size() - offset);
  const memory_budget::reservation held = client_.runtime().memory().reserve(length);
  bytes content = co_await content_->read(offset, length);
  http_request request = request_of_part(index, std::move(content));
  success_reader read = [this, index](http_answer &answer) {
    const std::string *etag = answer.header("etag");
    if (etag == nullptr || unquoted(*etag).empty()) throw client_.unproved(answer, key_, "without an ETag");
    etags_[index] = unquoted(*etag);
  };
  const http_answer answer = co_await client_.ask(std::move(request), key_, std::move(read));
  if (answer.status / 100 != 2) throw client_.refused(answer, key_, refused_request::kind::write);
  content_->was_stored(length);
}

/// What was answered does not decide where it is no success: that the upload is not known any more may be the effect of
/// a copy of this very request, and what stands between answers for the store.
task<put_outcome> multipart_upload::complete() {
  std::exception_ptr broken;
  try {
    co_await ask_to_complete();
    co_return put_outcome(kind::done, std::string());
  } catch (...) {
    broken = as_seen_by_callers(std::current_exception());
  }
  error why = error_of(broken);
  bool has_landed = false;
  if (why.code() != status::CANCELLED) has_landed = co_await is_there();
  if (has_landed) co_return put_outcome(kind::done, std::string());
  co_return put_outcome(kind::unknown, std::move(why));
}

task<> multipart_upload::ask_to_complete() {
  http_request request = request_of_upload("POST");
  request.body = std::make_shared<const bytes>(write_completion(etags_));
  request.set_header("Content-Type", "application/xml");
  success_reader read = [this](http_answer &answer) { read_completion(answer.body, client_.location_of(key_)); };
  const http_answer answer = co_await client_.ask(std::move(request), key_, std::move(read));
  if (answer.status / 100 != 2) throw client_.refused(answer, key_, refused_request::kind::write);
}

/// Whether the object is the one of these parts. An earlier one of the same size has another ETag.
task<bool> multipart_upload::is_there() {
  http_request request = client_.request("HEAD", key_);
  bool is_ours = false;
  success_reader read = [&](http_answer &answer) {
    const std::string *length = answer.header("content-length"), *etag = answer.header("etag");
    is_ours = length != nullptr && *length == std::to_string(content_->size()) && etag != nullptr &&
              unquoted(*etag) == etag_of_parts(etags_);
  };
  try {
    co_await client_.ask(std::move(request), key_, std::move(read));
  } catch (const error &) {
    // Then it is not seen.
  }
  co_return is_ours;
}

task<> multipart_upload::abort() {
  http_request request = request_of_upload("DELETE");
  success_reader read = [](http_answer &) {};
  co_await client_.ask(std::move(request), key_, std::move(read));
}

}  // namespace evodb
