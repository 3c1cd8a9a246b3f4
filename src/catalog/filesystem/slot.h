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
    expired,  ///< empty, and no copy that was sent can land any more: its signature is too old
    unknown
  };
  struct outcome {
    fate what = fate::unknown;
    std::optional<error> reason;  ///< with unknown
    outcome() = default;
    explicit outcome(fate f) : what(f) {}
    outcome(fate f, error why) : what(f), reason(std::move(why)) {}
  };

  /// Creates the slot with the attempt's body, repeating the same bytes with the same signature while the slot is seen
  /// empty. Throws only if the first and only copy was refused definitely. `sent_before`: an earlier copy may be on its way, so a refusal
  /// proves nothing and the slot is read first. Cancellation is ignored from here on, and ends the search for an
  /// unknown outcome after the try under way.
  task<outcome> fill(commit_attempt attempt, bool sent_before);
  /// The id of the attempt that filled a slot, empty for a foreign writer's. Null when it is empty.
  task<std::optional<std::string>> filled_by(std::int64_t version);

 private:
  task<put_outcome> send(const commit_attempt &attempt);
  task<outcome> find_out(const commit_attempt &attempt);

  std::shared_ptr<const storage> storage_;
  location table_;
};

}  // namespace evodb
