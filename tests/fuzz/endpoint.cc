#include "io/s3/endpoint.h"

#include "finding.h"
#include "http/http_request.h"
#include "http/proxy.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  for (const bool is_path_style : {false, true}) {
    const auto parsed = fuzz::attempt([&] { return endpoint::parse(text, "bucket", is_path_style, size % 2 == 0); });
    if (!parsed) continue;
    const std::string host = parsed->of_bucket().host_header();
    fuzz::require(parsed->path_of("key").find("key") != std::string::npos, "a path ends with its key");
    const std::string url = (parsed->server.is_tls ? "https://" : "http://") + host + encoded_path(parsed->path_prefix);
    const std::string_view bad("\r\n \0/", 5);
    fuzz::require(host.find_first_of(bad) == std::string::npos, "a host is one word");
    if (!is_path_style) continue;
    const endpoint again = endpoint::parse(url, "bucket", true, true);
    fuzz::require(again.server.host == parsed->server.host && again.server.port == parsed->server.port &&
                      again.path_prefix == parsed->path_prefix,
                  "an endpoint's URL is read back");
  }
  fuzz::attempt([&] { return endpoint::of_account(text, {}, "bucket"); });
  fuzz::attempt([&] { return endpoint::of_account("account", text, "bucket"); });
  fuzz::attempt(
      [&] { return find_proxy("host.example", 443, true, [&](const char *) { return std::optional(text); }); });
  fuzz::require(decoded(encoded_path(text)) == text, "a path is decoded to what was encoded");
  decoded(text);
  return 0;
}
