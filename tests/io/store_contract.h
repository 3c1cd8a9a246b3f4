#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "io/object_store.h"

namespace evodb {

/// A store that shall keep the contract of object_store, and a prefix in it, ending with a slash, below which nothing
/// is.
struct store_under_test {
  virtual ~store_under_test() = default;
  std::shared_ptr<runtime> environment;
  std::shared_ptr<object_store> store;
  std::string prefix;
  bool keeps_user_metadata = true;
};

/// One promise of the contract, as a test.
struct store_promise {
  const char *name;
  void (*check)(store_under_test &);
};
std::ostream &operator<<(std::ostream &out, const store_promise &promise);

/// Every store's test runs them all, each on a fresh prefix.
const std::vector<store_promise> &store_contract();

}  // namespace evodb
