#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

namespace evodb::simulation {

/// What was reported to the callers of each of their changes, and what they keep themselves. It is not part of any
/// process: no crash loses it.
class ledger {
 public:
  enum class told {
    nothing,       ///< under way, or its process crashed
    committed,     ///< so it must be there, once
    unknown,       ///< so it may be there, once
    not_committed  ///< so it must never be there
  };

  /// A new name for a change. Its kind says what the change is.
  std::string begin(const std::string &kind) {
    std::string label = kind + "-" + std::to_string(entries_.size() + 1);
    entries_[label] = told::nothing;
    return label;
  }
  /// A change that several processes may do, known by its key.
  void begin_keyed(const std::string &label) { entries_.try_emplace(label, told::nothing); }
  /// What was committed stays so, whatever becomes of another value that holds the change too.
  void tell(const std::string &label, told what) {
    told &entry = entries_[label];
    if (entry != told::committed) entry = what;
  }

  /// The last sequence of an application that was reported to it as committed.
  std::int64_t acknowledged(const std::string &application) { return acknowledged_[application]; }
  void acknowledge(const std::string &application, std::int64_t sequence) {
    std::int64_t &last = acknowledged_[application];
    last = std::max(last, sequence);
  }

  const std::map<std::string, told> &entries() const noexcept { return entries_; }
  std::int64_t count(told what) const {
    std::int64_t found = 0;
    for (const auto &[label, heard] : entries_) found += heard == what ? 1 : 0;
    return found;
  }

 private:
  std::map<std::string, told> entries_;
  std::map<std::string, std::int64_t> acknowledged_;
};

}  // namespace evodb::simulation
