#include "io/storage.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"

namespace evodb {

storage::storage(std::shared_ptr<evodb::runtime> environment, std::shared_ptr<object_store> store, location root)
    : environment_(std::move(environment)), store_(std::move(store)), root_(std::move(root)) {}

location storage::locate(std::string_view path) const {
  location at = path.empty() ? root_ : resolve(root_, path);
  if (!root_.contains(at)) {
    fail(status::INVALID_ARGUMENT, fmt::format("outside of the storage's root {}", root_.to_text()), std::string(path));
  }
  return at;
}

std::string storage::key_of(std::string_view absolute_location) const {
  return locate(absolute_location).key;
}

}  // namespace evodb
