#include "table/commit/place_for_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/error.h"
#include "catalog/filesystem/metadata_files.h"
#include "runtime/when_all.h"

namespace evodb {
namespace {

constexpr std::size_t most_parents = 4;
constexpr std::size_t most_folders_below = 12;
constexpr std::size_t levels_below = 2;
constexpr std::size_t concurrent_looks = 8;
constexpr std::int64_t most_names_of_a_folder = 1000;
constexpr std::string_view delta_log = "_delta_log";
constexpr std::string_view hudi_folder = ".hoodie";
constexpr std::string_view hudi_properties = "hoodie.properties";

location parent_of(location folder) {
  const std::size_t slash = folder.key.rfind('/');
  folder.key.resize(slash == std::string::npos ? 0 : slash);
  return folder;
}

class surroundings {
 public:
  surroundings(std::shared_ptr<const storage> where, location place)
      : where_(std::move(where)), place_(std::move(place)) {}

  task<std::vector<std::string>> run() {
    std::vector<location> folders{place_};
    while (folders.size() <= most_parents && !folders.back().key.empty()) {
      location parent = parent_of(folders.back());
      if (!where_->root().contains(parent)) break;
      folders.push_back(std::move(parent));
    }
    co_await look_at(folders);
    co_await look_below();
    std::vector<std::string> sentences;
    for (const std::string &one : found_)
      if (!one.empty()) sentences.push_back(one);
    co_return sentences;
  }

 private:
  object_store &store() const noexcept { return where_->store(); }

  /// Each folder takes four requests, of which any may find something.
  task<> look_at(const std::vector<location> &folders) {
    constexpr std::size_t requests = 4;
    std::vector<std::string> found(folders.size() * requests);
    std::function<task<>(std::size_t)> body = [&](std::size_t i) -> task<> {
      location folder = folders[i / requests];
      found[i] = co_await answer(i % requests, std::move(folder));
    };
    co_await for_each_concurrently(found.size(), concurrent_looks, std::move(body));
    for (std::size_t i = 0; i < folders.size(); ++i) {
      const auto first = std::find_if(found.begin() + static_cast<std::ptrdiff_t>(i * requests),
                                      found.begin() + static_cast<std::ptrdiff_t>((i + 1) * requests),
                                      [](const std::string &what) { return !what.empty(); });
      if (first == found.begin() + static_cast<std::ptrdiff_t>((i + 1) * requests)) continue;
      found_.push_back(
          i == 0 ? fmt::format("the folder has {}", *first)
                 : fmt::format("the folder lies in another table's, {}, which has {}", folders[i].to_text(), *first));
    }
  }

  /// What one request finds in a folder; empty for nothing, and where it is refused.
  task<std::string> answer(std::size_t request, location folder) {
    try {
      switch (request) {
        case 0:
          co_return co_await find_metadata(std::move(folder));
        case 1:
          co_return co_await find_hint(std::move(folder));
        case 2:
          co_return co_await find_delta_log(std::move(folder));
        default:
          co_return co_await find_hudi(std::move(folder));
      }
    } catch (const error &unseen) {
      const bool is_closed = unseen.code() == status::ACCESS_DENIED || unseen.code() == status::INVALID_ARGUMENT;
      if (!is_closed) throw;
    }
    co_return std::string();
  }

  task<std::string> find_metadata(location folder) {
    list_options options;
    options.prefix = folder.child(metadata_folder).key + "/";
    options.limit = most_names_of_a_folder;
    const std::size_t prefix = options.prefix.size();
    const bool is_the_place = folder == place_;
    const listing found = co_await store().list(std::move(options));
    for (const object_meta &meta : found.objects) {
      const std::string name = meta.key.substr(prefix);
      const bool is_version = parse_metadata_file_name(name).has_value();
      const bool is_metadata = names_metadata_file(name) && name.find('/') == std::string::npos;
      if (is_metadata && !(is_the_place && is_version)) co_return fmt::format("a table's metadata file {}", name);
    }
    co_return std::string();
  }

  task<std::string> find_hint(location folder) {
    if (folder == place_) co_return std::string();
    const std::optional<object_meta> hint =
        co_await store().head(folder.child(metadata_folder).child(version_hint_name).key);
    co_return hint ? fmt::format("a table's {}", version_hint_name) : std::string();
  }

  task<std::string> find_delta_log(location folder) {
    list_options options;
    options.prefix = folder.child(delta_log).key + "/";
    options.limit = 1;
    const listing found = co_await store().list(std::move(options));
    co_return found.objects.empty() ? std::string() : fmt::format("a Delta Lake table's {}/", delta_log);
  }

  task<std::string> find_hudi(location folder) {
    const std::optional<object_meta> found =
        co_await store().head(folder.child(hudi_folder).child(hudi_properties).key);
    co_return found ? fmt::format("a Hudi table's {}/", hudi_folder) : std::string();
  }

  /// A level after the other, and what its folders are by the names of theirs.
  task<> look_below() {
    std::vector<location> level{place_};
    std::size_t looked_at = 0;
    for (std::size_t depth = 0; depth <= levels_below && !level.empty(); ++depth) {
      std::vector<std::vector<location>> below(level.size());
      std::function<task<>(std::size_t)> body = [&](std::size_t i) -> task<> {
        location folder = level[i];
        below[i] = co_await folders_in(std::move(folder));
      };
      co_await for_each_concurrently(level.size(), concurrent_looks, std::move(body));
      std::vector<location> next;
      for (std::size_t i = 0; i < level.size(); ++i) {
        if (depth > 0) co_await see_table_below(level[i], below[i]);
        for (location &folder : below[i])
          if (looked_at + next.size() < most_folders_below) next.push_back(std::move(folder));
      }
      looked_at += next.size();
      level = std::move(next);
    }
  }

  task<std::vector<location>> folders_in(location folder) {
    list_options options;
    options.prefix = folder.key.empty() ? std::string() : folder.key + "/";
    options.delimiter = "/";
    options.limit = most_names_of_a_folder;
    std::vector<location> folders;
    try {
      const listing found = co_await store().list(std::move(options));
      for (const std::string &prefix : found.common_prefixes) {
        location one = folder;
        one.key = prefix.substr(0, prefix.size() - 1);
        folders.push_back(std::move(one));
      }
    } catch (const error &unseen) {
      if (unseen.code() != status::ACCESS_DENIED) throw;
    }
    co_return folders;
  }

  /// Only where a folder has one of those names is more asked.
  task<> see_table_below(const location &folder, const std::vector<location> &folders) {
    const auto has = [&](std::string_view name) {
      const location wanted = folder.child(name);
      return std::find(folders.begin(), folders.end(), wanted) != folders.end();
    };
    std::string what;
    if (has(metadata_folder)) {
      location own = folder;
      what = co_await answer(0, std::move(own));
    }
    if (what.empty() && has(delta_log)) what = fmt::format("a Delta Lake table's {}/", delta_log);
    if (what.empty() && has(hudi_folder)) what = fmt::format("a Hudi table's {}/", hudi_folder);
    if (!what.empty()) found_.push_back(fmt::format("another table lies in it: {} has {}", folder.to_text(), what));
  }

  const std::shared_ptr<const storage> where_;
  const location place_;
  std::vector<std::string> found_;
};

}  // namespace

task<std::vector<std::string>> find_obstacles(std::shared_ptr<const storage> where, location place) {
  surroundings around(std::move(where), std::move(place));
  co_return co_await around.run();
}

task<> require_free_place(std::shared_ptr<const storage> where, location place) {
  const std::string name = place.to_text();
  const std::vector<std::string> obstacles = co_await find_obstacles(std::move(where), std::move(place));
  if (obstacles.empty()) co_return;
  fail(status::INVALID_ARGUMENT,
       fmt::format("this is no place for a new table: {}; cleaning up one table would take the other's files, so "
                   "choose a folder of its own: {}",
                   obstacles.front(), name),
       name);
}

}  // namespace evodb
