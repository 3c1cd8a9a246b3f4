#include "io/local/hidden_files.h"

#include <fmt/format.h>

namespace evodb {
namespace {

std::string hidden_beside(const std::string &path, const char *suffix) {
  const std::size_t name = path.rfind('/') + 1;
  return fmt::format("{}.{}{}", path.substr(0, name), path.substr(name), suffix);
}

}  // namespace

std::string lock_key_of(const std::string &key) {
  return hidden_beside(key, ".lock");
}

std::string checksum_key_of(const std::string &key) {
  return hidden_beside(key, ".crc");
}

}  // namespace evodb
