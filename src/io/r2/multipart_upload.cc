#include "io/r2/multipart_upload.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/hash.h"
#include "io/r2/answers.h"
#include "runtime/cancellation.h"
#include "runtime/deadline.h"
#include "runtime/when_all.h"

namespace evodb::r2 {
namespace {

using kind = put_outcome::kind;

constexpr std::int64_t most_parts = 10'000;
constexpr std::size_t parts_at_once = 4;

std::int64_t part_bytes_of(std::int64_t size) {
  return std::max(multipart_upload::smallest_part_bytes, (size + most_parts - 1) / most_parts);
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
    co_await tidy_up(client_.environment(), std::move(give_up));
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
  const http_answer answer = co_await client_.ask(std::move(request), key_);
  if (answer.status / 100 != 2) throw client_.refused(answer, key_);
  id_ = read_upload_id(answer.body, client_.location_of(key_));
}

task<> multipart_upload::send_part(std::size_t index) {
  const std::int64_t offset = static_cast<std::int64_t>(index) * part_bytes_;
  const std::int64_t length = std::min(part_bytes_, content_->size() - offset);
  const memory_budget::reservation held = client_.environment().memory().reserve(length);
  bytes content = co_await content_->read(offset, length);
  http_request request = request_of_part(index, std::move(content));
  const http_answer answer = co_await client_.ask(std::move(request), key_);
  if (answer.status / 100 != 2) throw client_.refused(answer, key_);
  const std::string *etag = answer.header("etag");
  if (etag == nullptr) fail(status::CORRUPT, "the store took a part without an ETag", client_.location_of(key_));
  etags_[index] = unquoted(*etag);
  content_->was_stored(length);
}

/// A 200 may hold an error. That the upload is not known any more may be the effect of a copy of this very request.
task<put_outcome> multipart_upload::complete() {
  std::exception_ptr broken;
  try {
    http_request request = request_of_upload("POST");
    request.body = std::make_shared<const bytes>(write_completion(etags_));
    request.set_header("Content-Type", "application/xml");
    const http_answer answer = co_await client_.ask(std::move(request), key_);
    const refusal said = read_refusal(answer.body);
    if (answer.status / 100 == 2 && said.code.empty()) co_return put_outcome(kind::done, std::string());
    bool has_landed = false;
    if (said.code == "NoSuchUpload") has_landed = co_await is_there();
    if (has_landed) co_return put_outcome(kind::done, std::string());
    broken = std::make_exception_ptr(client_.refused(answer, key_));
  } catch (...) {
    broken = as_seen_by_callers(std::current_exception());
  }
  co_return put_outcome(kind::unknown, error_of(std::move(broken)));
}

task<bool> multipart_upload::is_there() {
  http_request request = client_.request("HEAD", key_);
  const http_answer answer = co_await client_.ask(std::move(request), key_);
  const std::string *length = answer.header("content-length");
  co_return answer.status == 200 && length != nullptr &&*length == std::to_string(content_->size());
}

task<> multipart_upload::abort() {
  http_request request = request_of_upload("DELETE");
  co_await client_.ask(std::move(request), key_);
}

}  // namespace evodb::r2
