#pragma once

#include <map>
#include <string>

#include "io/object_store.h"
#include "runtime/runtime.h"
#include "runtime/task.h"

namespace evodb {

/// What became of writers that wrote one object at the same time, of whom one alone may win.
struct write_race {
  int rounds = 0;
  int several_winners = 0;  ///< rounds in which the store reported success to more than one writer
  int no_winner = 0;        ///< rounds in which no writer is known to have won
  int wrong_content = 0;    ///< rounds after which something else was there than the winner's bytes
  /// How often the losers got which answer: "412", "429", "no answer", as the store puts it.
  std::map<std::string, int> answers;
};

/// Writers that create, or replace by the same ETag, eight at a time, an object of their own for each round:
/// `prefix` and a number. The objects are deleted afterwards. Ends early where the store fails.
task<write_race> race_writes(object_store &store, runtime &environment, std::string prefix, int rounds,
                             put_condition::kind condition);

}  // namespace evodb
