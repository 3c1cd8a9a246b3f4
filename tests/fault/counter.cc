// Increments a counter in a folder TIMES times, by puts that replace only what they have read: counter FOLDER TIMES
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "io/local/local_store.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

namespace {

task<> add_one(object_store &store, std::string key) {
  for (;;) {
    const byte_range everything{0, -1};
    const std::optional<object> now = co_await store.get(key, everything);
    put_options options(put_condition(put_condition::kind::if_absent));
    if (now) options.condition = put_condition(put_condition::kind::if_match, now->meta.etag);
    auto next = std::make_shared<const bytes>(std::to_string(now ? std::stoi(now->body) + 1 : 1));
    const put_outcome outcome = co_await store.put(key, std::move(next), std::move(options));
    if (outcome.what == put_outcome::kind::done) co_return;
    if (outcome.reason) throw *outcome.reason;
  }
}

}  // namespace

int main(int count, char **arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: counter FOLDER TIMES\n");
    return 2;
  }
  const std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
  const std::shared_ptr<object_store> store = make_local_store(environment);
  const std::string key = std::string(arguments[1]).substr(1) + "/counter";
  try {
    for (int i = std::atoi(arguments[2]); i > 0; --i) {
      run_to_end(environment, [&] { return add_one(*store, key); });
    }
  } catch (const error &failed) {
    std::fprintf(stderr, "%s: %s\n", failed.what(), failed.subject().c_str());
    return 1;
  }
  return 0;
}
