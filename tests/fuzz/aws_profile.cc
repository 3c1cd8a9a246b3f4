#include <sys/mman.h>
#include <unistd.h>

#include "finding.h"
#include "io/s3/profile.h"

using namespace evodb;

/// The same text as both files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const int file = memfd_create("profile", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
  const auto variables = [](const char *name) -> std::optional<std::string> {
    const std::string_view asked = name;
    if (asked == "AWS_SHARED_CREDENTIALS_FILE" || asked == "AWS_CONFIG_FILE") return path;
    return std::nullopt;
  };
  fuzz::attempt([&] { return read_profile(std::nullopt, variables); });
  fuzz::attempt([&] { return read_profile("p", variables); });
  return 0;
}
