#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "catalog/catalog.h"
#include "io/storage.h"

namespace evodb {

/// Sends one body to the slot that it is for, v<N>.metadata.json, and finds out what became of it. The answer to a put
/// proves little: a lost answer, a refusal of a hidden second copy and a throttled success look alike. What is in the
/// slot decides.
class slot {
 public:
  slot(std::shared_ptr<const storage> where, location table);

  enum class fate {
    ours,
    taken,
    empty,  ///< and the base must be confirmed before the body may be sent again
    unknown
  };
  struct outcome {
    fate what = fate::unknown;
    std::optional<error> reason;  ///< with unknown
    outcome() = default;
    explicit outcome(fate f) : what(f) {}
    outcome(fate f, error why) : what(f), reason(std::move(why)) {}
  };

  /// Creates the slot with an attempt's body. Throws only if the first and only copy was refused definitely.
  task<outcome> fill(commit_attempt attempt);
  /// What became of a body that was sent.
  task<outcome> look(commit_attempt attempt);
  /// The same, and for a base that is confirmed: the same bytes are sent with the same signature while it lives and the
  /// slot is seen empty.
  task<outcome> send_again(commit_attempt attempt);
  /// The id of the attempt that filled a slot, empty for a foreign writer's. Null when it is empty.
  task<std::optional<std::string>> filled_by(std::int64_t version);

 private:
  task<outcome> find_out(commit_attempt attempt, bool base_is_confirmed, steady_time next_write);
  steady_time next_write_after(const put_outcome &last) const;
  task<put_outcome> send(const commit_attempt &attempt);

  std::shared_ptr<const storage> storage_;
  location table_;
};

}  // namespace evodb
