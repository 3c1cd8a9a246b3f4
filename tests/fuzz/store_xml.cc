#include "finding.h"
#include "io/s3/s3_responses.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view body = fuzz::text_of(data, size);
  read_refusal(body);
  std::vector<std::string> keys;
  if (const auto page = fuzz::attempt([&] { return read_listing(body, "fuzz"); }, {status::CORRUPT})) {
    for (const object_meta &meta : page->found.objects) {
      fuzz::require(meta.size >= 0, "a size is not negative");
      keys.push_back(meta.key);
    }
  }
  if (const auto page = fuzz::attempt([&] { return read_uploads(body, "fuzz"); }, {status::CORRUPT})) {
    for (const object_meta &meta : page->found) keys.push_back(meta.key);
  }
  fuzz::attempt([&] { return write_deletion(keys); });
  fuzz::attempt([&] { return read_deletion(body, "fuzz"); }, {status::CORRUPT});
  if (const auto id = fuzz::attempt([&] { return read_upload_id(body, "fuzz"); }, {status::CORRUPT}))
    fuzz::require(!id->empty(), "an upload has an id");
  unquoted(body);
  return 0;
}
