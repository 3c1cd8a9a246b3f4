#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/location.h"
#include "catalog/catalog.h"
#include "io/storage.h"
#include "model/table_metadata.h"
#include "runtime/task.h"

namespace evodb {

/// One body for one slot: what must be known to find out later what became of it. Recorded before the first byte is sent;
/// when it is looked for later, it is signed anew if at all (docs/commit.md, rule 5).
struct slot_body {
  std::int64_t version = 0;  ///< the slot that the body is for
  std::string attempt_id;    ///< inside the body
  std::shared_ptr<const std::string> body;
  std::shared_ptr<const table_metadata> metadata;  ///< what the body says
  std::int64_t signed_at_ms = 0;
  /// The time of its first signature: it was not sent before, nor were the files written that are its own.
  std::int64_t first_signed_ms = 0;
  bool has_rivals = false;  ///< others probably try to fill the slot at the same time
};

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
    table_version taken_by;       ///< with taken; not confirmed
    outcome() = default;
    explicit outcome(fate f) : what(f) {}
    outcome(fate f, error why) : what(f), reason(std::move(why)) {}
    outcome(fate f, table_version other) : what(f), taken_by(std::move(other)) {}
  };

  /// Creates the slot with an attempt's body. Throws only if the first and only copy was refused definitely.
  task<outcome> fill(slot_body attempt);
  /// What became of a body that was sent.
  task<outcome> look(slot_body attempt);
  /// The same, and for a base that is confirmed: the same bytes are sent with the same signature while it lives and the
  /// slot is seen empty.
  task<outcome> send_again(slot_body attempt);
  /// The id of the attempt that filled a slot, empty for a foreign writer's. Null when it is empty.
  task<std::optional<std::string>> filled_by(std::int64_t version);

 private:
  task<outcome> find_out(slot_body attempt, bool base_is_confirmed, steady_time next_write);
  task<std::optional<table_version>> find_another(const slot_body &attempt);
  steady_time next_write_after(const put_outcome &last) const;
  task<put_outcome> send(const slot_body &attempt);

  std::shared_ptr<const storage> storage_;
  location table_;
};

}  // namespace evodb
