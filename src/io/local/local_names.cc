#include "io/local/local_names.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>

namespace evodb {
namespace {

struct release_text {
  void operator()(char *text) const noexcept { std::free(text); }
};

}  // namespace

bool is_same_file(const std::string &path, const std::string &other) {
  struct stat one, another;
  return ::stat(path.c_str(), &one) == 0 && ::stat(other.c_str(), &another) == 0 && one.st_dev == another.st_dev &&
         one.st_ino == another.st_ino;
}

std::string canonical_path(const std::string &path) {
  const std::unique_ptr<char, release_text> real(::realpath(path.c_str(), nullptr));
  return real ? std::string(real.get()) : path;
}

bool has_hard_links(const std::string &path) {
  struct stat about;
  return ::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) && about.st_nlink > 1;
}

}  // namespace evodb
