#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/uuid.h"
#include "catalog/filesystem/version_hint.h"
#include "io/storage.h"
#include "runtime/runtime.h"
#include "runtime/task.h"

namespace evodb {

/// Moves a table's version hint up behind the commits of this process, as often as the store takes writes of one key,
/// and never back. That it fails is no failure of a commit, which has landed, but a warning. A hint ahead of its table
/// would be worse, so a table that was dropped and made anew, which its UUID tells, starts again
/// (docs/commit.md, rule 13).
class hint_writer : public std::enable_shared_from_this<hint_writer> {
 public:
  hint_writer(std::shared_ptr<const storage> where, const location &table);

  /// A version that was just committed.
  struct target {
    uuid table;
    std::int64_t version = 0;

    target() = default;
    target(const uuid &of, std::int64_t number) : table(of), version(number) {}
    bool is_reached_by(const target &other) const { return table == other.table && version <= other.version; }
  };

  /// Waits until the hint is at it or above, for some seconds at most. Where it was written too short a time ago, it is
  /// moved in the background instead, once for all commits until then. Gives why the last try, of this call or in the
  /// background, has not moved it; null where it was moved or nothing was tried yet.
  task<std::optional<error>> move_to(target committed);

  /// The version to which another process has moved the hint since this was asked last; 0: none has.
  std::int64_t take_moved_by_others() noexcept { return moved_by_others_.exchange(0); }

 private:
  enum class moment { after_commit, later };

  bool begin(const target &committed);
  task<> begin_move();
  bool finish();
  void give_up();
  task<> write_wanted(moment when);
  task<std::optional<error>> write(target wanted, moment when);
  error describe(const target &wanted, const error &why) const;
  task<std::optional<error>> check_above(std::int64_t hint, target committed) const;
  bool was_dropped(const target &wanted, std::int64_t hint) const;
  task<> go_on_later();
  task<> write_later();

  const std::shared_ptr<const storage> storage_;
  const version_hint hint_;
  const location table_;
  const std::string location_;  ///< of the hint

  std::mutex state_;
  target wanted_;
  std::atomic<std::int64_t> moved_by_others_ = 0;
  bool is_moving_ = false;  ///< by one commit, which alone uses what is below
  target reached_;
  std::optional<error> unmoved_because_;  ///< of the last try; also read by others, under `state_`
  target written_;                        ///< by this process, last
  std::string etag_;                      ///< of what was written; empty when that is not known
  steady_time not_before_;                ///< the store takes the next write then
};

}  // namespace evodb
