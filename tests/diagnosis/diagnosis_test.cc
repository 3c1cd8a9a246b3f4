// What needs a store that does not do what it should, or a history that would take long to write.

#include "diagnosis/diagnosis.h"

#include "diagnosis/metadata_checks.h"
#include "diagnosis/write_checks.h"
#include "failure.h"
#include "io/memory_store.h"
#include "io/peculiar_store.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(diagnosis)

namespace {

constexpr std::int64_t hour_ms = 3600 * 1000;

struct diagnosed_table : sample_table {
  diagnosed_table() {
    thread_runtime_options uncached;  // so that what was written here is read, too
    uncached.cpu_threads = 2;
    uncached.cache_bytes = 0;
    environment = make_thread_runtime(uncached);
    store = std::make_shared<peculiar_store>(make_memory_store(environment, "peculiar"));
    const location root = location::parse("memory://peculiar");
    tables = std::make_shared<open_tables>(std::make_shared<const storage>(environment, store, root));
  }

  health_checks diagnose() const {
    const auto context = open_tables(tables->storage()).find("t");
    return run_to_end(environment, [context]() -> task<health_checks> { co_return co_await evodb::diagnose(context); });
  }

  std::shared_ptr<peculiar_store> store;
};

const health_check *find(const health_checks &in, const std::string &name) {
  for (const health_check &one : in) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

/// The message of a check that is not ok.
std::string failed(const health_checks &in, const std::string &name) {
  const health_check *one = find(in, name);
  return one && !one->is_ok ? one->message : "";
}

bool holds(const std::string &text, const char *part) {
  return text.find(part) != std::string::npos;
}

table_version version_of(table_metadata metadata) {
  table_version one;
  one.version = 1;
  one.metadata = std::make_shared<const table_metadata>(std::move(metadata));
  return one;
}

std::vector<manifest_file> manifests(std::size_t count, std::int32_t files_of_each) {
  manifest_file one;
  one.added_files_count = files_of_each;
  one.existing_files_count = 0;
  return std::vector<manifest_file>(count, one);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_healthy_table_and_few_requests_however_large_it_is) {
  const diagnosed_table in;
  table value = in.commit(in.create());
  int requests = 0;
  for (int commits = 0; commits < 40; ++commits) {
    value = in.commit(append(value, sample_table::files(value, std::to_string(commits)), {}));
    if (commits != 0 && commits != 39) continue;
    in.store->requests = 0;
    for (const health_check &one : in.diagnose()) {
      BOOST_TEST(one.is_ok, one.name << ": " << one.message);
      BOOST_TEST((one.name == "table") != one.message.empty(), one.name << ": " << one.message);
    }
    if (commits == 0) requests = in.store->requests;
  }
  BOOST_TEST(in.store->requests == requests - 1 + 12);  // of the manifests
  BOOST_TEST(in.store->requests <= 60);
}

BOOST_AUTO_TEST_CASE(many_small_files) {
  const diagnosed_table in;
  const table base = in.commit(in.create());
  const auto with_files = [](const table &to, const std::string &name, int count, std::int64_t size) {
    described_files described(to, false);
    for (int i = 0; i < count; ++i) {
      data_file one;
      one.file_path = fmt::format("data/{}-{}.parquet", name, i);
      one.record_count = 10;
      one.file_size = size;
      described.add(std::move(one), R"({"region":"eu"})");
    }
    return append(to, described.finish(), {});
  };
  const table large = in.commit(with_files(base, "large", 30, std::int64_t{8} << 20));
  BOOST_TEST(find(in.diagnose(), "small-files")->value_json == "0");
  in.commit(with_files(large, "small", 51, (std::int64_t{8} << 20) - 1));
  const health_check one = *find(in.diagnose(), "small-files");
  BOOST_TEST(one.is_ok);
  BOOST_TEST(one.value_json == "51");
  BOOST_TEST(holds(one.message, "51 of 81 data files are smaller than 8 MiB"));
}

BOOST_AUTO_TEST_CASE(others_commit_meanwhile) {
  const diagnosed_table in;
  in.commit(in.create());
  in.store->meanwhile = [&]() -> task<> {
    for (const char *name : {"a", "b", "c"}) {
      table value = co_await open_table(in.tables->find("t"));
      table appended = append(value, sample_table::files(value, name), {});
      co_await evodb::commit(appended);
    }
  };
  const health_checks found = in.diagnose();
  BOOST_TEST(find(found, "table")->value_json == "1");
  BOOST_TEST(find(found, "version-hint")->value_json == "4");
  for (const health_check &one : found) BOOST_TEST(one.is_ok, one.name << ": " << one.message);
}

BOOST_AUTO_TEST_CASE(there_is_no_table) {
  const diagnosed_table in;
  CHECK_FAILS(in.diagnose(), status::NOT_FOUND, "no table here");
  BOOST_TEST(in.store->requests <= 5);  // and nothing was tried there
}

BOOST_AUTO_TEST_CASE(a_store_that_is_not_to_be_trusted) {
  const diagnosed_table in;
  in.commit(in.create());
  in.store->ignores_if_none_match = true;
  in.store->never_matches = true;
  const health_checks found = in.diagnose();
  BOOST_TEST(find(found, "write")->is_ok);
  BOOST_TEST(holds(failed(found, "if-none-match"), "commit nothing"));
  BOOST_TEST(holds(failed(found, "if-match"), "own ETag"));
}

BOOST_AUTO_TEST_CASE(what_is_not_tried_is_said) {
  const diagnosed_table in;
  in.commit(in.create());
  BOOST_TEST(!find(in.diagnose(), "racing-writers"));  // of a store that is known
  in.store->is_known = false;
  const health_checks found = in.diagnose();
  const health_check *races = find(found, "racing-writers");
  BOOST_REQUIRE(races);
  BOOST_TEST(races->is_ok);
  BOOST_TEST(races->value_json == "\"not tried\"");
  BOOST_TEST(holds(races->message, "`probe LOCATION`"));
  in.store->refuses_writes = true;
  BOOST_TEST(!find(in.diagnose(), "racing-writers"));  // nothing of writes was
}

BOOST_AUTO_TEST_CASE(a_store_that_only_reads) {
  const diagnosed_table in;
  in.commit(in.create());
  in.store->refuses_writes = true;
  const health_checks found = in.diagnose();
  BOOST_TEST(holds(failed(found, "write"), "can be read, not committed to"));
  for (const char *untried : {"if-none-match", "if-match", "clock"}) BOOST_TEST(!find(found, untried));
  BOOST_TEST(find(found, "snapshots")->is_ok);
}

BOOST_AUTO_TEST_CASE(a_probe_that_stays_behind_is_named) {
  const diagnosed_table in;
  in.commit(in.create());
  in.store->refuses_deletes = true;
  const health_checks found = in.diagnose();
  BOOST_TEST(find(found, "write")->is_ok);
  BOOST_TEST(holds(find(found, "write")->message, "delete memory://peculiar/t/metadata/.probe-"));
}

BOOST_AUTO_TEST_CASE(what_a_probe_has_left_behind_is_said_as_far_as_it_is_known) {
  const location at = location::parse("memory://peculiar/t/.probe");
  const error denied(status::ACCESS_DENIED, "wrong secret"), lost(status::STORAGE_UNAVAILABLE, "no answer");
  write_probe probe;
  probe.write = probe.removal = denied;
  BOOST_TEST(checks_of(probe, at).front().message == "wrong secret");
  probe.write = probe.removal = lost;
  BOOST_TEST(checks_of(probe, at).front().message ==
             "no answer; whether memory://peculiar/t/.probe was made to try the store is not known: delete it if it is "
             "there");
}

BOOST_AUTO_TEST_CASE(a_store_that_is_not_reached_is_said_once) {
  const diagnosed_table in;
  in.commit(in.create());
  error refusal(status::ACCESS_DENIED, "the store answered 403");
  refusal.store.http_status = 403;
  for (const char *code : {"SignatureDoesNotMatch", "AccessDenied"}) {
    refusal.store.code = code;
    in.store->refuses_reads = refusal;
    const health_checks found = in.diagnose();
    BOOST_TEST(holds(failed(found, "table"), "the store answered 403"));
    BOOST_TEST((find(found, "write") == nullptr) == (refusal.store.code != "AccessDenied"));  // which others may not be
  }
}

BOOST_AUTO_TEST_CASE(uploads_that_never_ended) {
  const diagnosed_table in;
  in.commit(in.create());
  object_meta left;
  left.key = "t/metadata/v2.metadata.json";
  left.size = 7;
  left.last_modified_ms = in.environment->now_ms() - 25 * hour_ms;
  in.store->unfinished.push_back(left);
  left.last_modified_ms += 2 * hour_ms;  // may be under way
  in.store->unfinished.push_back(left);
  const health_check one = *find(in.diagnose(), "unfinished-writes");
  BOOST_TEST(one.is_ok);
  BOOST_TEST(one.value_json == "1");
  BOOST_TEST(holds(one.message, "7 bytes in metadata/, such as v2.metadata.json"));
  left.key = "t/data/large.parquet";
  left.size = 0;  // which a bucket does not tell
  left.last_modified_ms -= 2 * hour_ms;
  in.store->unfinished.push_back(left);
  const health_check more = *find(in.diagnose(), "unfinished-writes");
  BOOST_TEST(more.value_json == "2");
  BOOST_TEST(holds(more.message, "uploads in parts in data/, such as large.parquet"));
}

BOOST_AUTO_TEST_CASE(the_stores_clock_judges_the_tables_time) {
  const diagnosed_table in;
  in.commit(in.create());
  in.store->clock_ahead_ms = -hour_ms;  // so that this machine, and the version that it wrote, is an hour ahead
  const health_checks found = in.diagnose();
  BOOST_TEST(holds(failed(found, "clock"), "3600 s ahead of the store's"));
  BOOST_TEST(holds(failed(found, "last-updated"), "the clock of a writer was ahead"));
}

BOOST_AUTO_TEST_CASE(large_metadata) {
  table_version large = version_of(table_metadata());
  large.metadata_bytes = std::int64_t{16} << 20;
  BOOST_TEST(find(diagnose_metadata(large, 0), "metadata-size")->is_ok);
  ++large.metadata_bytes;
  BOOST_TEST(holds(failed(diagnose_metadata(large, 0), "metadata-size"), "a lower evodb.commit.max-snapshots"));
}

BOOST_AUTO_TEST_CASE(more_snapshots_than_wanted) {
  table_metadata m;
  for (int i = 0; i < 3; ++i) m.snapshots.push_back(std::make_shared<const snapshot>());
  m.properties["evodb.commit.max-snapshots"] = "3";
  BOOST_TEST(find(diagnose_metadata(version_of(m), 0), "snapshots")->message.empty());
  m.properties["evodb.commit.max-snapshots"] = "2";
  health_check one = *find(diagnose_metadata(version_of(m), 0), "snapshots");
  BOOST_TEST(one.is_ok);
  BOOST_TEST(one.value_json == "3");
  BOOST_TEST(holds(one.message, "the next commit takes out"));
  m.properties["gc.enabled"] = "false";
  const health_checks kept = diagnose_metadata(version_of(m), 0);
  BOOST_TEST(holds(find(kept, "snapshots")->message, "gc.enabled is false"));
  BOOST_TEST(holds(find(kept, "properties")->message, "is of no effect where gc.enabled is false"));
}

BOOST_AUTO_TEST_CASE(what_stands_in_a_property_cannot_break_the_line) {
  table_metadata m;
  m.properties["write.data.path"] = "first\nsecond" + std::string(1000, 'x');
  m.properties["evodb.\n"] = "1";
  for (const health_check &one : diagnose_metadata(version_of(m), 0)) {
    BOOST_TEST(one.message.find('\n') == std::string::npos);
    BOOST_TEST(one.message.size() < 500);
  }
}

BOOST_AUTO_TEST_CASE(many_small_manifests) {
  BOOST_TEST(find(diagnose_manifests(manifests(1000, 1)), "manifests")->message.empty());
  BOOST_TEST(find(diagnose_manifests(manifests(1001, 100)), "manifests")->message.empty());
  const health_checks found = diagnose_manifests(manifests(1001, 99));
  BOOST_TEST(find(found, "manifests")->is_ok);
  BOOST_TEST(find(found, "manifests")->value_json == "1001");
  BOOST_TEST(holds(find(found, "manifests")->message, "with 99099 files in all"));
}

BOOST_AUTO_TEST_CASE(live_delete_files) {
  auto with_deletes = manifests(2, 1);
  with_deletes[1].content = manifest_content::deletes;
  const health_checks found = diagnose_manifests(with_deletes);
  BOOST_TEST(find(found, "delete-files")->is_ok);
  BOOST_TEST(find(found, "delete-files")->value_json == "1");
  BOOST_TEST(holds(find(found, "delete-files")->message, "readers must apply them"));
  with_deletes[1].added_files_count = 0;  // they were all taken away again
  BOOST_TEST(find(diagnose_manifests(with_deletes), "delete-files")->message.empty());
}

BOOST_AUTO_TEST_SUITE_END()
