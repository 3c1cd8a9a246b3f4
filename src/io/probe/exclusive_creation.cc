#include "io/probe/exclusive_creation.h"

#include <utility>

#include "io/probe/write_probe.h"

namespace evodb {

task<> require_exclusive_creation(const storage &where, location folder) {
  if (where.creates_exclusively()) co_return;
  runtime &environment = *where.runtime();
  std::string scratch = folder.child(".probe-" + environment.random_uuid().to_text()).key;
  const write_probe tried = co_await probe_writes(where.store(), environment, std::move(scratch));
  if (tried.write) throw *tried.write;
  if (tried.if_none_match) throw *tried.if_none_match;
  where.note_exclusive_creation();
}

}  // namespace evodb
