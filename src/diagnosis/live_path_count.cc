#include "diagnosis/live_path_count.h"

#include <utility>

namespace evodb {

void live_path_count::note(std::size_t manifest, const std::vector<file> &live) {
  for (const file &one : live) {
    const auto [at, is_new] = numbers_.try_emplace(std::string(one.path), static_cast<std::uint32_t>(files_.size()));
    if (is_new) {
      files_.push_back({&at->first, one.size});
      copies_.push_back(0);
      is_reported_.push_back(false);
    }
    manifests_[manifest].files.push_back(at->second);
  }
}

void live_path_count::move_to(const std::vector<std::size_t> &manifests,
                              const std::function<void(const std::string &path)> &report) {
  const auto report_once = [&](std::uint32_t file) {
    if (is_reported_[file]) return;
    is_reported_[file] = true;
    report(*files_[file].path);
  };
  const std::vector<std::size_t> before = std::exchange(present_, {});
  std::vector<std::size_t> come;
  ++step_;
  for (const std::size_t number : manifests) {
    const std::size_t last_step = std::exchange(manifests_[number].last_step, step_);
    if (last_step == step_) {  // the manifest itself is listed twice
      for (const std::uint32_t file : manifests_[number].files) report_once(file);
      continue;
    }
    if (last_step + 1 != step_) come.push_back(number);
    present_.push_back(number);
  }
  for (const std::size_t number : before) {
    if (manifests_[number].last_step == step_) continue;
    for (const std::uint32_t file : manifests_[number].files) --copies_[file];
  }
  for (const std::size_t number : come) {
    for (const std::uint32_t file : manifests_[number].files) {
      if (++copies_[file] > 1) report_once(file);
    }
  }
}

}  // namespace evodb
