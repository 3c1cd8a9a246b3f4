#include "io/local/local_listing.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "io/listing.h"
#include "io/local/local_file.h"
#include "io/local/system_failure.h"
#include "io/local/unpublished_file.h"

namespace evodb {
namespace {

struct close_folder {
  void operator()(DIR *folder) const noexcept { ::closedir(folder); }
};

/// Calls `see(number of the open folder, entry)`. `folder` is empty or ends with a slash; a missing one has no entries.
template <typename See>
void for_each_entry(const std::string &folder, See see) {
  const std::string path = "/" + folder;
  const std::unique_ptr<DIR, close_folder> opened(::opendir(path.c_str()));
  if (!opened) {
    if (errno == ENOENT || errno == ENOTDIR) return;
    fail_system(errno, "list the folder", path);
  }
  for (;;) {
    errno = 0;
    const dirent *entry = ::readdir(opened.get());
    if (entry == nullptr) {
      if (errno != 0) fail_system(errno, "list the folder", path);
      return;
    }
    see(::dirfd(opened.get()), *entry);
  }
}

/// Whether an entry that cannot be looked at is gone meanwhile, or a link to nothing.
bool has_left(int code) noexcept {
  return code == ENOENT || code == ELOOP || code == ENOTDIR;
}

/// Walks one folder after another; depth costs no stack.
class walk {
 public:
  explicit walk(const list_options &options) : options_(options) {}

  std::vector<object_meta> run() {
    const std::size_t slash = options_.prefix.rfind('/');
    waiting_.push_back(slash == std::string::npos ? std::string() : options_.prefix.substr(0, slash + 1));
    while (!waiting_.empty()) {
      const std::string folder = std::move(waiting_.back());
      waiting_.pop_back();
      read(folder);
    }
    return std::move(found_);
  }

 private:
  void read(const std::string &folder) {
    for_each_entry(folder, [&](int folder_number, const dirent &entry) {
      if (entry.d_name[0] != '.') see(folder_number, folder, entry);
    });
  }

  void see(int folder_number, const std::string &folder, const dirent &entry) {
    std::string key = folder + entry.d_name;
    if (!key.starts_with(options_.prefix)) return;
    if (entry.d_type == DT_DIR) return see_folder(std::move(key));
    if (entry.d_type != DT_REG && entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return;
    struct stat about;
    if (::fstatat(folder_number, entry.d_name, &about, 0) != 0) {
      if (has_left(errno)) return;
      fail_system(errno, "look at the file", "/" + key);
    }
    if (S_ISREG(about.st_mode)) {
      found_.push_back(describe_file(std::move(key), about));
    } else if (S_ISDIR(about.st_mode) && (!options_.delimiter.empty() || !is_link(folder_number, entry))) {
      see_folder(std::move(key));
    }
  }

  void see_folder(std::string key) {
    key += '/';
    if (options_.delimiter.empty()) {
      waiting_.push_back(std::move(key));
    } else {
      object_meta folder;
      folder.key = std::move(key);
      found_.push_back(std::move(folder));
    }
  }

  static bool is_link(int folder_number, const dirent &entry) {
    struct stat about;
    return entry.d_type == DT_LNK || ::fstatat(folder_number, entry.d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 ||
           S_ISLNK(about.st_mode);
  }

  const list_options &options_;
  std::vector<std::string> waiting_;
  std::vector<object_meta> found_;
};

}  // namespace

listing list_local_files(const list_options &options) {
  if (!options.delimiter.empty() && options.delimiter != "/") {
    fail(status::INVALID_ARGUMENT, "local folders are listed with the delimiter / or none: " + options.delimiter);
  }
  return make_listing(walk(options).run(), options);
}

std::vector<object_meta> list_unpublished_files(const std::string &prefix) {
  std::vector<object_meta> found;
  for_each_entry(prefix, [&](int folder_number, const dirent &entry) {
    if (!is_unpublished_file_name(entry.d_name)) return;
    struct stat about;
    const std::string key = prefix + entry.d_name;
    if (::fstatat(folder_number, entry.d_name, &about, AT_SYMLINK_NOFOLLOW) == 0) {
      if (S_ISREG(about.st_mode)) found.push_back(describe_file(key, about));
    } else if (!has_left(errno)) {
      fail_system(errno, "look at the file", "/" + key);
    }
  });
  return found;
}

}  // namespace evodb
