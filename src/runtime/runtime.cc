#include "runtime/runtime.h"

#include <unistd.h>

#include "base/bytes.h"
#include "base/little_endian.h"

namespace evodb {

runtime::runtime() : made_by_(::getpid()) {}

bool runtime::forked() const noexcept {
  return ::getpid() != made_by_;
}

uuid runtime::random_uuid() {
  std::array<std::uint8_t, 16> octets{};
  random(octets);
  return uuid::from_random(octets);
}

std::uint64_t runtime::random_u64() {
  std::array<std::uint8_t, 8> octets{};
  random(octets);
  return load_le<std::uint64_t>(octets.data());
}

}  // namespace evodb
