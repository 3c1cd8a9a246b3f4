// A table in a real folder, in virtual time: what another process there does not let go of costs a commit seconds, and
// nothing but its hint.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "failure.h"
#include "io/local/file_descriptor.h"
#include "io/open/open_storage.h"
#include "runtime/operation.h"
#include "simulation/simulated_runtime.h"
#include "table/commit/commit.h"
#include "table/open_tables.h"
#include "table/operations/create_table.h"
#include "table/operations/set_properties.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(local_folder_test)

namespace {

struct local_scene {
  local_scene() : environment(std::make_shared<simulated_runtime>(here, here.new_process())) {
    std::string pattern = (fs::temp_directory_path() / "evodb-simulated-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    tables = std::make_shared<open_tables>(open_storage(environment, folder.string()));
  }
  ~local_scene() {
    here.drop_everything();
    fs::remove_all(folder);
  }

  table create() const {
    const schema columns(0, keep_or_assign_ids({{0, "id", true, type_kind::int64, {}, {}, {}}}));
    return create_table(tables->find("t"), columns, {}, 2, {});
  }
  std::shared_ptr<operation> start(const table &value) {
    committed.reset();
    return operation::start(environment, [this, value]() -> task<std::shared_ptr<void>> {
      committed = co_await evodb::commit(value, std::nullopt);
      co_return nullptr;
    });
  }
  void run_to_end(const operation &running) {
    while (!running.is_ready() && here.step()) {
    }
    BOOST_REQUIRE(running.is_ready());
    BOOST_REQUIRE(!running.failure());
  }
  table commit(const table &value) {
    run_to_end(*start(value));
    return *committed;
  }
  void set_hint(const std::string &text) const { std::ofstream(folder / "t/metadata/version-hint.text") << text; }
  std::string hint() const {
    std::string text;
    std::getline(std::ifstream(folder / "t/metadata/version-hint.text"), text);
    return text;
  }

  world here{1};
  std::shared_ptr<simulated_runtime> environment;
  fs::path folder;
  std::shared_ptr<open_tables> tables;
  std::optional<table> committed;
};

/// As another process has it that stands still.
struct held_lock {
  explicit held_lock(const fs::path &folder)
      : file((folder / "t/metadata/.version-hint.text.lock").string(), O_RDWR | O_CREAT, 0644) {
    BOOST_REQUIRE(::flock(file.get(), LOCK_EX | LOCK_NB) == 0);
  }
  file_descriptor file;
};

table with_comment(const table &of, const std::string &text) {
  return set_properties(of, {{"comment", text}}, {});
}

void check_warning(const table &committed) {
  const std::vector<error> warnings = committed.warnings();
  BOOST_REQUIRE(warnings.size() == 1u);
  const error &one = warnings.front();
  BOOST_TEST(one.subject().starts_with("file:///"));
  BOOST_TEST(one.subject().ends_with("/t/metadata/version-hint.text"));
  BOOST_TEST(one.message().starts_with("the commit is done, but the version hint could not be moved to 2"));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_commit_waits_five_seconds_for_a_lock_that_is_never_given_back) {
  local_scene in;
  const table first = in.commit(in.create());
  BOOST_TEST(first.warnings().empty());
  BOOST_TEST(in.hint() == "1");
  std::optional<table> second;
  {
    const held_lock held(in.folder);
    const steady_time begun = in.here.now();
    second = in.commit(with_comment(first, "2"));
    BOOST_TEST((in.here.now() - begun <= 5s));
    BOOST_TEST((in.here.now() - begun > 3s));
  }
  BOOST_TEST(second->base().version == 2);
  check_warning(*second);
  BOOST_TEST((second->warnings().front().code() == status::STORAGE_UNAVAILABLE));
  BOOST_TEST(second->warnings().front().message().find(".version-hint.text.lock") != std::string::npos);
  BOOST_TEST(in.hint() == "1");

  const table third = in.commit(with_comment(*second, "3"));
  BOOST_TEST(third.warnings().empty());
  BOOST_TEST(in.hint() == "3");
}

BOOST_AUTO_TEST_CASE(a_hint_of_a_version_that_is_not_there_is_reported_by_each_commit) {
  local_scene in;
  table newest = in.commit(in.create());
  for (int version = 2; version <= 3; ++version) {
    in.set_hint("9");
    newest = in.commit(with_comment(newest, std::to_string(version)));
    BOOST_REQUIRE(newest.warnings().size() == 1u);
    const error &one = newest.warnings().front();
    BOOST_TEST((one.code() == status::CORRUPT));
    BOOST_TEST(one.subject().ends_with("/t/metadata/version-hint.text"));
    BOOST_TEST(one.message().find("names version 9, which is not there") != std::string::npos);
    BOOST_TEST(one.message().find("write " + std::to_string(version) + " into it") != std::string::npos);
    BOOST_TEST(in.hint() == "9");
  }
  // Others may have committed it since, under any of its names.
  std::ofstream(in.folder / "t/metadata/v9.gz.metadata.json") << "{}";
  in.set_hint("9");
  BOOST_TEST(in.commit(with_comment(newest, "4")).warnings().empty());
}

BOOST_AUTO_TEST_CASE(a_hint_that_is_no_number_of_a_version_is_replaced_or_reported) {
  local_scene in;
  table newest = in.commit(in.create());
  for (const std::string &text : {std::string("x"), std::string(1000, '9'), std::string()}) {
    in.set_hint(text);
    newest = in.commit(with_comment(newest, text));
    BOOST_TEST(newest.warnings().empty());
    BOOST_TEST(in.hint() == std::to_string(newest.base().version));
  }
  in.set_hint(std::string(100'000, '9'));
  newest = in.commit(with_comment(newest, "long"));
  BOOST_REQUIRE(newest.warnings().size() == 1u);
  BOOST_TEST(newest.warnings().front().message().ends_with(
      "it is of 100000 bytes, which are no number of a version; delete it"));
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_given_back_in_time_is_no_trouble) {
  local_scene in;
  const table first = in.commit(in.create());
  std::optional<held_lock> held(in.folder);
  in.here.after(3s, 0, [&] { held.reset(); });
  BOOST_TEST(in.commit(with_comment(first, "2")).warnings().empty());
  BOOST_TEST(in.hint() == "2");
}

BOOST_AUTO_TEST_CASE(a_cancelled_commit_does_not_wait_for_its_hint) {
  local_scene in;
  const table first = in.commit(in.create());
  const held_lock held(in.folder);
  const auto running = in.start(with_comment(first, "2"));
  in.here.after(1s, 0, [&] { running->cancel(); });
  const steady_time begun = in.here.now();
  in.run_to_end(*running);
  BOOST_TEST((in.here.now() - begun < 1100ms));
  BOOST_TEST(in.committed->base().version == 2);
  check_warning(*in.committed);
}

BOOST_AUTO_TEST_SUITE_END()
