#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/byte_source.h"
#include "io/s3/s3_client.h"

namespace evodb {

/// One object sent in parts, several at once: all of one size but for the last, as R2 demands.
class multipart_upload {
 public:
  static constexpr std::int64_t smallest_part_bytes = std::int64_t{16} << 20;

  multipart_upload(s3_client &client, std::string key, std::shared_ptr<byte_source> content);

  /// done, failed (nothing is stored, and the parts are deleted, as far as the store lets) or unknown.
  task<put_outcome> run(std::string content_type);

 private:
  task<put_outcome> transfer(std::string content_type);
  task<> begin(std::string content_type);
  task<> send_part(std::size_t index);
  task<put_outcome> complete();
  task<> ask_to_complete();
  task<bool> is_there();
  task<> abort();
  http_request request_of_upload(const char *method) const;
  http_request request_of_part(std::size_t index, bytes content) const;

  s3_client &client_;
  const std::string key_;
  const std::shared_ptr<byte_source> content_;
  const std::int64_t part_bytes_;
  std::string id_;
  std::vector<std::string> etags_;
};

}  // namespace evodb
