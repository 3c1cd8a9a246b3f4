#include "io/storage.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/error.h"
#include "io/local/local_store.h"
#include "io/memory_store.h"
#include "io/probe/write_probe.h"

namespace evodb {
namespace {

std::optional<std::string> environment_variable(const char *name) {
  const char *text = std::getenv(name);
  return text == nullptr ? std::nullopt : std::optional<std::string>(text);
}

}  // namespace

storage::storage(std::shared_ptr<evodb::runtime> environment, std::shared_ptr<object_store> store, location root)
    : environment_(std::move(environment)), store_(std::move(store)), root_(std::move(root)) {}

std::shared_ptr<const storage> storage::open(std::shared_ptr<evodb::runtime> environment, std::string_view text,
                                             s3_options of_bucket, memory_stores *in_memory) {
  std::error_code failed;
  const std::string working_folder = std::filesystem::current_path(failed).string();
  location root = location::parse(text, working_folder);
  std::shared_ptr<object_store> store;
  if (root.scheme == "file") {
    store = make_local_store(environment);
  } else if (root.scheme == "memory") {
    store = in_memory == nullptr ? make_memory_store(environment, root.authority)
                                 : in_memory->open(environment, root.authority);
  } else if (root.scheme == "s3") {
    store = open_bucket(environment, root.authority, std::move(of_bucket), environment_variable);
  } else {
    fail(status::UNSUPPORTED, fmt::format("no store for the scheme of this location: {}", root.scheme),
         std::string(text));
  }
  return std::make_shared<const storage>(std::move(environment), std::move(store), std::move(root));
}

task<> storage::require_exclusive_creation(location folder) const {
  if (store_->creates_exclusively() || was_exclusive_) co_return;
  std::string scratch = folder.child(".probe-" + environment_->random_uuid().to_text()).key;
  const write_probe tried = co_await probe_writes(*store_, *environment_, std::move(scratch));
  if (tried.write) throw *tried.write;
  if (tried.if_none_match) throw *tried.if_none_match;
  was_exclusive_ = true;
}

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
