#include "io/open/open_storage.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/error.h"
#include "io/local/local_store.h"
#include "io/memory_store.h"

namespace evodb {
namespace {

std::optional<std::string> environment_variable(const char *name) {
  const char *text = std::getenv(name);
  return text == nullptr ? std::nullopt : std::optional<std::string>(text);
}

}  // namespace

std::shared_ptr<const storage> open_storage(std::shared_ptr<runtime> environment, std::string_view text,
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

}  // namespace evodb
