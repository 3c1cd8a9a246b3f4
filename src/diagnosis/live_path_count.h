#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace evodb {

/// Finds files that a snapshot has twice. It goes from one snapshot to the next and looks only at the manifests that came
/// or went on the way, so that a history in which each manifest comes once and goes once costs as much as the manifests'
/// entries. Not for several threads.
class live_path_count {
 public:
  struct file {
    std::string_view path;
    std::int64_t size;
  };
  struct known_file {
    const std::string *path;
    std::int64_t size;
  };

  void make_room_for(std::size_t manifests) { manifests_.resize(manifests); }
  /// The live data files of a manifest, by its number.
  void note(std::size_t manifest, const std::vector<file> &live);
  std::int64_t count_of(std::size_t manifest) const noexcept {
    return static_cast<std::int64_t>(manifests_[manifest].files.size());
  }
  /// Goes to a snapshot of these manifests. `report` is called with each file that is there twice, once in all.
  void move_to(const std::vector<std::size_t> &manifests, const std::function<void(const std::string &path)> &report);

  /// Every file of every manifest, in the order in which they were noted.
  const std::vector<known_file> &files() const noexcept { return files_; }

 private:
  struct manifest {
    std::vector<std::uint32_t> files;  ///< places in `files_`
    std::size_t last_step = 0;         ///< in which the manifest was there
  };

  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<known_file> files_;
  std::vector<std::uint32_t> copies_;  ///< how often the snapshot has the file
  std::vector<bool> is_reported_;
  std::vector<manifest> manifests_;
  std::vector<std::size_t> present_;  ///< the manifests of the snapshot
  std::size_t step_ = 1;              ///< above that of every manifest that was never there
};

}  // namespace evodb
