#pragma once

#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "table/idempotency.h"
#include "table/table.h"

namespace evodb {

/// What a call has come to: nothing yet, the value as committed, or what went wrong, before it is reported.
using commit_outcome = std::variant<std::monostate, table, std::exception_ptr>;

/// One call of commit: the value, and its outcome once that is known. All of it belongs to the call that has the table's
/// line, but for what says that it does not need the line.
struct commit_call {
  table value;
  std::optional<idempotency_key> key;
  const std::vector<bool> was_committed;  ///< of each change of the value, when the call began
  changes pending;                        ///< changes of the value that are not known to be committed
  bool was_sent = false;                  ///< in a body of this call
  bool is_key_recorded = false;           ///< by a body that is known to have landed
  commit_outcome outcome;

  commit_call(table of, std::optional<idempotency_key> named)
      : value(std::move(of)),
        key(std::move(named)),
        was_committed(which_are_committed(value.uncommitted())),
        pending(value.uncommitted()) {}

  /// Before it is sent with others: false when its caller has left.
  bool claim() noexcept { return change_stage(stage::waiting, stage::sent) || stage_ == stage::sent; }
  /// The body in which it was sent is lost for sure: it may be sent again, unless its caller has left.
  void release() noexcept { change_stage(stage::sent, stage::waiting); }
  /// What it came to is known, and does not change any more.
  void decide() noexcept {
    if (stage_ != stage::left) stage_ = stage::decided;
  }
  bool is_decided() const noexcept { return stage_ == stage::decided; }
  /// By its caller, who does not wait any longer: nothing is sent for it from here on. False when it is in a body that is
  /// sent, or decided. Without the line.
  bool withdraw() noexcept { return change_stage(stage::waiting, stage::left); }
  /// The same, though it is in a body that is sent. False when it is in none any more.
  bool leave() noexcept { return change_stage(stage::sent, stage::left); }
  bool has_left() const noexcept { return stage_ == stage::left; }
  /// Whether a body that may land holds one of its changes. Without the line.
  bool is_unresolved() const;

  /// A failure as the caller shall hear it: others may have sent changes of the value since it failed. Whatever went
  /// wrong, as long as a body that holds one of them may land the outcome is unknown, with a token
  /// (docs/commit.md, rule 8). Without the line.
  std::exception_ptr error_for_caller(std::exception_ptr failed) const;
  /// Whether the outcome was unknown, and a call in front has found it out since.
  bool has_become_known() const;
  void resume() noexcept {
    outcome = std::monostate();
    stage_ = stage::waiting;
  }
  /// Whether all that was to be committed is known to be.
  bool has_landed() const;
  /// Where nothing is left to do but to record the key: gives it a change that does nothing else.
  void carry_key();

  bool is_done() const noexcept { return !std::holds_alternative<std::monostate>(outcome); }
  bool is_creating() const { return !pending.empty() && pending.front()->operation().initial_metadata() != nullptr; }
  void drop_committed() {
    std::erase_if(pending, [](const auto &change) { return change->is_committed(); });
  }

 private:
  static std::vector<bool> which_are_committed(const changes &of);
  table value_now() const;
  error unknown(const table &of, const change::sent_body &sent, const error &reason) const;

  mutable std::mutex changing_value_;  ///< against reads without the line
  enum class stage { waiting, sent, decided, left };
  bool change_stage(stage from, stage to) noexcept { return stage_.compare_exchange_strong(from, to); }

  std::atomic<stage> stage_{stage::waiting};
};

}  // namespace evodb
