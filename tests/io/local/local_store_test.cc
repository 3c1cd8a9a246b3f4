#include "io/local/local_store.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "base/hash.h"
#include "base/little_endian.h"
#include "failure.h"
#include "io/store_contract.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;
namespace fs = std::filesystem;
using kind = put_outcome::kind;
using when = put_condition::kind;

BOOST_AUTO_TEST_SUITE(local_store_test)

namespace {

struct fixture : store_under_test {
  fixture() {
    std::string pattern = (fs::temp_directory_path() / "evodb-local-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    environment = make_thread_runtime(thread_runtime_options());
    store = make_local_store(environment);
    prefix = folder.string().substr(1) + "/";
    keeps_user_metadata = false;
  }
  ~fixture() override { fs::remove_all(folder); }

  put_outcome put(const std::string &name, std::string body, when condition = when::if_absent, std::string etag = {}) {
    const auto content = std::make_shared<const bytes>(std::move(body));
    const put_options options(put_condition(condition, std::move(etag)));
    return run_to_end(environment, [&] { return store->put(prefix + name, content, options); });
  }
  std::optional<object> get(const std::string &name, byte_range range = {}) {
    return run_to_end(environment, [&] { return store->get(prefix + name, range); });
  }
  std::optional<object_meta> head(const std::string &name) {
    return run_to_end(environment, [&] { return store->head(prefix + name); });
  }
  void remove(const std::string &name) {
    std::vector<std::string> keys{prefix + name};
    run_to_end(environment, [&] { return store->remove(keys); });
  }
  std::vector<std::string> list(const std::string &delimiter = {}) {
    list_options options;
    options.prefix = prefix;
    options.delimiter = delimiter;
    const listing found = run_to_end(environment, [&] { return store->list(options); });
    std::vector<std::string> names;
    for (const object_meta &meta : found.objects) names.push_back(meta.key.substr(prefix.size()));
    for (const std::string &key : found.common_prefixes) names.push_back(key.substr(prefix.size()));
    return names;
  }
  /// What is really in the folder.
  std::set<std::string> names() const {
    std::set<std::string> all;
    for (const auto &entry : fs::recursive_directory_iterator(folder)) {
      all.insert(entry.path().lexically_relative(folder).string());
    }
    return all;
  }
  void write(const std::string &name, const std::string &text) { std::ofstream(folder / name) << text; }

  fs::path folder;
};

void check_failed(const put_outcome &outcome, status code, const std::string &part) {
  BOOST_TEST((outcome.what == kind::failed));
  BOOST_REQUIRE(outcome.reason);
  BOOST_TEST(name_of(outcome.reason->code()) == std::string(name_of(code)));
  BOOST_TEST(outcome.reason->message().find(part) != std::string::npos, outcome.reason->message());
  BOOST_TEST(!outcome.reason->subject().empty());
}

/// Files may not grow beyond a size while this lives: writing fails half-way.
class file_size_limit {
 public:
  explicit file_size_limit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit lower{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &lower);
  }
  ~file_size_limit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

}  // namespace

BOOST_DATA_TEST_CASE_F(fixture, keeps_the_contract, boost::unit_test::data::make(store_contract()), promise) {
  promise.check(*this);
}

BOOST_FIXTURE_TEST_CASE(says_what_it_is, fixture) {
  BOOST_TEST(store->root().scheme == "file");
  BOOST_TEST(store->root().key.empty());
  BOOST_TEST(store->creates_exclusively());
}

BOOST_FIXTURE_TEST_CASE(leaves_nothing_but_the_file, fixture) {
  BOOST_TEST((put("f", "one").what == kind::done));
  BOOST_TEST((put("f", "two").what == kind::exists));
  BOOST_TEST((names() == std::set<std::string>{"f"}));
  BOOST_TEST((put("f", "three", when::always).what == kind::done));
  BOOST_TEST((names() == std::set<std::string>{"f", ".f.lock"}));
  BOOST_TEST((list() == std::vector<std::string>{"f"}));
}

BOOST_FIXTURE_TEST_CASE(whole_reads_have_an_etag_and_parts_have_none, fixture) {
  put("f", "12345");
  BOOST_TEST(get("f", byte_range(0, 5))->meta.etag == to_hex(md5("12345")));
  BOOST_TEST(get("f", byte_range(0, 4))->meta.etag.empty());
  BOOST_TEST(get("f", byte_range(-2, -1))->meta.etag.empty());
  BOOST_TEST(head("f")->etag.empty());
}

BOOST_FIXTURE_TEST_CASE(writing_half_a_file_leaves_nothing, fixture) {
  const std::string large(3'000'000, 'x');
  put("old", "stays");
  put_outcome created, replaced, matched;
  {
    const file_size_limit limit(1'000'000);
    created = put("new", large);
    replaced = put("old", large, when::always);
    matched = put("old", large, when::if_match, to_hex(md5("stays")));
  }
  for (const put_outcome &outcome : {created, replaced, matched}) {
    check_failed(outcome, status::RESOURCE_EXHAUSTED, "File too large");
  }
  BOOST_TEST((names() == std::set<std::string>{"old", ".old.lock"}));
  BOOST_TEST(get("old")->body == "stays");
  BOOST_TEST((put("new", large).what == kind::done));  // and nothing is in the way afterwards
}

BOOST_FIXTURE_TEST_CASE(paths_that_cannot_be, fixture) {
  write("file", "x");
  check_failed(put("file/below", "x"), status::INVALID_ARGUMENT, "Not a directory");
  check_failed(put("file/below", "x", when::always), status::INVALID_ARGUMENT, "Not a directory");
  BOOST_TEST(!get("file/below"));
  BOOST_TEST(!head("file/below"));
  remove("file/below");
  const std::string too_long(256, 'n');
  check_failed(put(too_long, "x"), status::INVALID_ARGUMENT, "File name too long");
  check_failed(put(too_long + "/x", "x"), status::INVALID_ARGUMENT, "File name too long");
  CHECK_FAILS(get(too_long), status::INVALID_ARGUMENT, "File name too long");
  CHECK_FAILS(head(too_long), status::INVALID_ARGUMENT, "File name too long");
  CHECK_FAILS(remove(too_long), status::INVALID_ARGUMENT, "File name too long");
  BOOST_TEST((put(std::string(255, 'n'), "x").what == kind::done));
  for (const std::string &key : {std::string(), std::string("a/../b"), std::string(".."), std::string("a/."),
                                 std::string("a/"), std::string("a\0b", 3)}) {
    CHECK_FAILS(get(key), status::INVALID_ARGUMENT, "not a name of a file");
  }
  check_failed(put("../escaped", "x"), status::INVALID_ARGUMENT, "not a name of a file");
  BOOST_TEST((names() == std::set<std::string>{"file", std::string(255, 'n')}));
}

BOOST_FIXTURE_TEST_CASE(folders_are_no_objects, fixture) {
  fs::create_directory(folder / "d");
  CHECK_FAILS(get("d"), status::INVALID_ARGUMENT, "a folder, not a file: " + (folder / "d").string());
  CHECK_FAILS(head("d"), status::INVALID_ARGUMENT, "a folder, not a file");
  for (const when condition : {when::always, when::if_absent, when::if_match}) {
    check_failed(put("d", "x", condition), status::INVALID_ARGUMENT, "a folder, not a file");
  }
  CHECK_FAILS(remove("d"), status::INVALID_ARGUMENT, "Is a directory");
  BOOST_REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK_FAILS(get("pipe"), status::INVALID_ARGUMENT, "not a file");
  prefix = "dev/";
  CHECK_FAILS(get("null"), status::INVALID_ARGUMENT, "not a file: /dev/null");
}

BOOST_FIXTURE_TEST_CASE(the_first_that_cannot_be_deleted_is_named, fixture) {
  fs::create_directory(folder / "d1");
  fs::create_directory(folder / "d2");
  put("f", "x");
  std::vector<std::string> keys{prefix + "d1", prefix + "d2", prefix + "f"};
  const auto removing = [&] { run_to_end(environment, [&] { return store->remove(keys); }); };
  CHECK_FAILS(removing(), status::INVALID_ARGUMENT, "d1");
  BOOST_TEST(!get("f"));
}

BOOST_FIXTURE_TEST_CASE(hidden_names_and_odd_things_are_not_listed, fixture) {
  put("f", "x");
  put("d/g", "x");
  write(".hidden", "x");
  write(".0b8f.tmp", "x");
  fs::create_directory(folder / ".folder");
  write(".folder/h", "x");
  BOOST_REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  fs::create_symlink("nowhere", folder / "dangling");
  fs::create_symlink("f", folder / "link");
  fs::create_directory_symlink("..", folder / "d" / "up");  // a loop
  fs::create_directory_symlink("d", folder / "e");
  BOOST_TEST((list() == std::vector<std::string>{"d/g", "f", "link"}));
  BOOST_TEST((list("/") == std::vector<std::string>{"f", "link", "d/", "e/"}));
  prefix += "e/";
  BOOST_TEST((list() == std::vector<std::string>{"g"}));
}

BOOST_FIXTURE_TEST_CASE(a_link_that_leads_nowhere_is_not_absent, fixture) {
  fs::create_symlink("nowhere", folder / "dangling");
  fs::create_symlink("/nowhere/at/all", folder / "far");
  fs::create_symlink("dangling", folder / "twice");
  write("f", "x");
  fs::create_symlink("f/below", folder / "beneath");
  for (const char *name : {"dangling", "far", "twice", "beneath"}) {
    const std::string why = "a symbolic link that leads nowhere: " + (folder / name).string();
    CHECK_FAILS(get(name), status::INVALID_ARGUMENT, why);
    CHECK_FAILS(run_to_end(environment, [&] { return store->head(prefix + name); }), status::INVALID_ARGUMENT, why);
    BOOST_TEST((put(name, "x").what == kind::exists));
    BOOST_TEST(fs::is_symlink(folder / name));
  }
  BOOST_TEST(!get("f/below"));
}

BOOST_FIXTURE_TEST_CASE(things_that_are_no_files_are_named_without_waiting_for_them, fixture) {
  BOOST_REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  fs::create_directory(folder / "folder");
  fs::create_symlink("loop", folder / "loop");
  for (const char *name : {"pipe", "folder", "loop"}) {
    const std::string path = (folder / name).string();
    CHECK_FAILS(get(name), status::INVALID_ARGUMENT, path);
    CHECK_FAILS(run_to_end(environment, [&] { return store->head(prefix + name); }), status::INVALID_ARGUMENT, path);
  }
}

BOOST_FIXTURE_TEST_CASE(lists_with_slash_or_nothing_between, fixture) {
  CHECK_FAILS(list("-"), status::INVALID_ARGUMENT, "delimiter");
}

BOOST_FIXTURE_TEST_CASE(stale_checksums_go, fixture) {
  write(".v1.metadata.json.crc", "stale");
  write(".other.crc", "someone's");
  BOOST_TEST((put("v1.metadata.json", "{}").what == kind::done));
  BOOST_TEST((names() == std::set<std::string>{"v1.metadata.json", ".other.crc"}));
  write(".v1.metadata.json.crc", "of a file that stays");
  BOOST_TEST((put("v1.metadata.json", "no").what == kind::exists));
  BOOST_TEST(fs::exists(folder / ".v1.metadata.json.crc"));
  BOOST_TEST((put("v1.metadata.json", "[]", when::if_match, to_hex(md5("{}"))).what == kind::done));
  BOOST_TEST(!fs::exists(folder / ".v1.metadata.json.crc"));
  write(".v1.metadata.json.crc", "stale");
  BOOST_TEST((put("v1.metadata.json", "()", when::always).what == kind::done));
  BOOST_TEST(!fs::exists(folder / ".v1.metadata.json.crc"));
}

BOOST_FIXTURE_TEST_CASE(a_checksum_that_stays_is_held_against_no_new_file, fixture) {
  fs::create_directories(folder / ".v1.metadata.json.crc/x");
  check_failed(put("v1.metadata.json", "{}"), status::INVALID_ARGUMENT, ".v1.metadata.json.crc");
  BOOST_TEST((names() == std::set<std::string>{".v1.metadata.json.crc", ".v1.metadata.json.crc/x"}));
}

BOOST_FIXTURE_TEST_CASE(a_lock_file_is_usable_by_all_who_may_write_into_its_folder, fixture) {
  const mode_t before = ::umask(077);
  for (const auto &[mode, expected] : {std::pair(0777u, 0666u), std::pair(02775u, 0664u), std::pair(0700u, 0600u)}) {
    const std::string name = "d" + std::to_string(mode);
    fs::create_directory(folder / name);
    ::chmod((folder / name).c_str(), mode);
    BOOST_TEST((put(name + "/f", "one").what == kind::done));
    BOOST_TEST((put(name + "/f", "two", when::always).what == kind::done));
    struct stat about;
    BOOST_REQUIRE(::stat((folder / name / ".f.lock").c_str(), &about) == 0);
    BOOST_TEST((about.st_mode & 07777) == expected);
  }
  ::umask(before);
}

BOOST_FIXTURE_TEST_CASE(a_lock_file_that_is_no_file_is_opened_without_waiting, fixture) {
  put("f", "one");
  BOOST_REQUIRE(::mkfifo((folder / ".f.lock").c_str(), 0400) == 0);
  BOOST_TEST((put("f", "two", when::always).what == kind::done));
}

BOOST_FIXTURE_TEST_CASE(names_of_one_file, fixture) {
  write("x", "1");
  write("other", "1");
  fs::create_directory(folder / "d");
  fs::create_symlink("../x", folder / "d" / "y");
  fs::create_directory_symlink("d", folder / "e");
  fs::create_hard_link(folder / "other", folder / "hard");
  const auto ask = [&](const std::string &one, const std::string &other) {
    return run_to_end(environment, [&] { return store->is_same(prefix + one, prefix + other); });
  };
  BOOST_TEST(ask("x", "e/y"));
  BOOST_TEST(ask("d", "e"));
  BOOST_TEST(ask("other", "hard"));
  BOOST_TEST(!ask("x", "other"));
  BOOST_TEST(!ask("absent", "absent"));
  const auto canonical = [&](const std::string &name) {
    return run_to_end(environment, [&] { return store->canonical_key(prefix + name); });
  };
  BOOST_TEST(canonical("e/y") == canonical("x"));
  BOOST_TEST(canonical("absent") == prefix + "absent");
  const auto has_others = [&](const std::string &name) {
    return run_to_end(environment, [&] { return store->has_other_names(prefix + name); });
  };
  BOOST_TEST(store->may_have_other_names());
  BOOST_TEST(has_others("hard"));
  BOOST_TEST(!has_others("e/y"));
  BOOST_TEST(!has_others("d"));
}

BOOST_FIXTURE_TEST_CASE(folders_deleted_meanwhile_are_made_again, fixture) {
  BOOST_TEST((put("a/b/c/f", "1").what == kind::done));
  fs::remove_all(folder / "a");
  BOOST_TEST((put("a/b/c/f", "2").what == kind::done));
  BOOST_TEST(get("a/b/c/f")->body == "2");
}

BOOST_FIXTURE_TEST_CASE(files_follow_the_umask, fixture) {
  const mode_t before = ::umask(027);
  put("d/f", "x");
  ::umask(before);
  struct stat about;
  BOOST_REQUIRE(::stat((folder / "d" / "f").c_str(), &about) == 0);
  BOOST_TEST((about.st_mode & 0777) == 0640u);
  BOOST_REQUIRE(::stat((folder / "d").c_str(), &about) == 0);
  BOOST_TEST((about.st_mode & 0777) == 0750u);
}

BOOST_AUTO_TEST_CASE(a_cancelled_upload_leaves_nothing) {
  fixture f;
  struct sleeping_source final : byte_source {
    explicit sleeping_source(std::shared_ptr<runtime> of) : environment(std::move(of)) {}
    std::int64_t size() const noexcept override { return 10; }
    task<bytes> read(std::int64_t, std::int64_t) override {
      co_await environment->sleep(std::chrono::hours(1));
      co_return bytes();
    }
    const std::shared_ptr<runtime> environment;
  };
  const auto source = std::make_shared<sleeping_source>(f.environment);
  const auto uploading = operation::start(f.environment, [&]() -> task<std::shared_ptr<void>> {
    put_outcome outcome = co_await f.store->upload(f.prefix + "new", source, put_options());
    co_return std::make_shared<put_outcome>(std::move(outcome));
  });
  while (f.names().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  uploading->cancel();
  uploading->wait(-1);
  const auto outcome = std::static_pointer_cast<put_outcome>(uploading->take());
  BOOST_TEST((outcome->what == kind::failed));
  BOOST_TEST(f.names().empty());
}

BOOST_AUTO_TEST_SUITE_END()
