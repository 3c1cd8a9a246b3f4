#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace evodb::simulation {

/// What the callers were told of each of their changes. It is not part of any process: no crash loses it.
class ledger {
 public:
  enum class told {
    nothing,       ///< under way, or its process crashed
    committed,     ///< so it must be there, once
    unknown,       ///< so it may be there, once
    not_committed  ///< so it must never be there
  };

  /// A new name for a change.
  std::string begin() {
    std::string label = "change-" + std::to_string(entries_.size() + 1);
    entries_[label] = told::nothing;
    return label;
  }
  /// What was committed stays so, whatever becomes of another value that holds the change too.
  void tell(const std::string &label, told what) {
    told &entry = entries_[label];
    if (entry != told::committed) entry = what;
  }

  const std::map<std::string, told> &entries() const noexcept { return entries_; }
  std::int64_t count(told what) const {
    std::int64_t found = 0;
    for (const auto &[label, heard] : entries_) found += heard == what ? 1 : 0;
    return found;
  }

 private:
  std::map<std::string, told> entries_;
};

}  // namespace evodb::simulation
