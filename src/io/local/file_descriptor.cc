#include "io/local/file_descriptor.h"

#include <fcntl.h>
#include <unistd.h>

namespace evodb {

file_descriptor::file_descriptor(const std::string &path, int flags, unsigned mode) noexcept
    : number_(uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); })) {}

file_descriptor::~file_descriptor() {
  if (number_ >= 0) ::close(number_);  // never repeated: on Linux the number is free again even after EINTR
}

}  // namespace evodb
