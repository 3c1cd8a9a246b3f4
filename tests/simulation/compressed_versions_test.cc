// Another writer gives a version a compressed name, as Iceberg Java does by write.metadata.compression-codec: whatever the
// hint says, it is a version, and nothing is committed beside it.

#include <fmt/format.h>

#include <functional>

#include "codec/deflate.h"
#include "codec/table_metadata_json.h"
#include "failure.h"
#include "simulation/directions.h"
#include "simulation/scene.h"
#include "simulation/writer.h"
#include "table/operations/set_properties.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(compressed_versions_test)

namespace {

constexpr const char *compressed_endings[] = {".gz.metadata.json", ".metadata.json.gz"};
constexpr const char *codec_property = "write.metadata.compression-codec";
constexpr const char *without_hint = "";
const std::string folder = fmt::format("{}/metadata/", table_name);
const std::string hint_file = folder + "version-hint.text";

/// A table of some versions; a process that made the last of them and has it in mind, and one that has seen none.
struct shared_scene : scene {
  explicit shared_scene(std::int64_t versions = 2) : maker(start_process()), newcomer(start_process()) {
    known = open(maker);
    while (newest_version() < versions) known = committed_by(maker, *known);
    run_to_end();
  }

  table committed_by(process &by, const table &base) {
    const std::string label = told().begin(append_kind);
    commit_outcome came = end(commit(by, with_change(base, label)), {label});
    BOOST_REQUIRE(came.committed);
    return *came.committed;
  }

  /// What another writer makes of a version that is there: the next one, under a name of its own.
  void foreign_commit(std::int64_t version, const std::string &from, const std::string &ending, const char *codec) {
    const bytes &stored = *store().objects().at(from).body;
    const bytes json = stored.starts_with("\x1f\x8b") ? gunzip(stored, 1 << 20, from) : stored;
    table_metadata next = read_table_metadata(json, from);
    next.properties[codec_property] = codec;
    next.properties["made-by"] = fmt::format("another writer, v{}", version);
    bytes made = write_table_metadata(next);
    if (ending != ".metadata.json") made = deflater(6).gzip(made);
    put(folder + fmt::format("v{}{}", version, ending), std::move(made));
  }
  void put(const std::string &key, bytes body) {
    store().put(key, std::make_shared<const bytes>(std::move(body)), put_options());
  }
  void set_hint(const std::string &text) {
    store().remove({hint_file});
    if (text != without_hint) put(hint_file, text);
  }

  void check_newest(const table &opened, std::int64_t version) {
    BOOST_TEST(opened.base().version == version);
    const std::string *made_by = opened.metadata()->property("made-by");
    BOOST_REQUIRE(made_by != nullptr);
    BOOST_TEST(*made_by == fmt::format("another writer, v{}", version));
  }
  void check_refused(process &by, const table &base, const std::string &why) {
    const auto before = store().objects().size();
    const std::string label = told().begin(append_kind);
    const auto running = commit(by, with_change(base, label));
    const commit_outcome came = end(running, {label});
    BOOST_TEST((came.failed == status::UNSUPPORTED));
    CHECK_FAILS(std::rethrow_exception(running->failure()), status::UNSUPPORTED, why);
    run_to_end();
    BOOST_TEST(store().objects().size() <= before + 1);  // the value's manifest
  }

  process &maker;
  process &newcomer;
  std::optional<table> known;
};

void for_each_name_and_hint(const std::function<void(const std::string &ending, const std::string &hint)> &body) {
  for (const char *ending : compressed_endings) {
    for (const char *hint : {"1", "2", "3", "4", "no number", without_hint})
      BOOST_TEST_CONTEXT(ending << ", hint '" << hint << "'") {
        body(ending, hint);
      }
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(it_is_the_newest_version_whatever_the_hint_says) {
  for_each_name_and_hint([](const std::string &ending, const std::string &hint) {
    shared_scene s;
    s.foreign_commit(3, key_of(2), ending, "gzip");
    s.set_hint(hint);
    s.check_newest(s.open(s.newcomer), 3);
    s.check_newest(s.open(s.maker), 3);
  });
}

BOOST_AUTO_TEST_CASE(no_commit_makes_a_second_version_beside_it) {
  for_each_name_and_hint([](const std::string &ending, const std::string &hint) {
    shared_scene s;
    const table seen_before = s.open(s.newcomer);
    s.foreign_commit(3, key_of(2), ending, "gzip");
    s.set_hint(hint);
    s.check_refused(s.maker, *s.known,
                    "compressed");  // which writes before it has asked, and finds that it is not alone
    s.check_refused(s.newcomer, seen_before, "compressed");
    s.check_refused(s.newcomer, s.open(s.newcomer), "compressed");
    process &other = s.start_process();
    const commit_outcome created = s.end(s.commit(other, new_table(other, 0)), {});
    BOOST_TEST((created.failed == status::ALREADY_EXISTS));
    BOOST_TEST(!s.store().objects().contains(key_of(3)));
    BOOST_TEST(!s.store().objects().contains(key_of(4)));
  });
}

BOOST_AUTO_TEST_CASE(it_is_seen_at_every_distance_from_the_hint) {
  for (std::int64_t versions = 2; versions <= 18; ++versions) BOOST_TEST_CONTEXT(versions << " versions") {
      shared_scene s(versions);
      s.foreign_commit(versions + 1, key_of(versions), compressed_endings[versions % 2], "gzip");
      s.set_hint("1");
      s.check_newest(s.open(s.newcomer), versions + 1);
    }
}

BOOST_AUTO_TEST_CASE(versions_of_both_kinds_are_one_history_and_a_plain_one_is_committed_on) {
  for_each_name_and_hint([](const std::string &ending, const std::string &hint) {
    shared_scene s;
    const std::string compressed = folder + "v3" + ending;
    s.foreign_commit(3, key_of(2), ending, "gzip");
    s.foreign_commit(4, compressed, ending, "gzip");
    s.foreign_commit(5, folder + "v4" + ending, ".metadata.json", "none");
    s.set_hint(hint);
    s.check_newest(s.open(s.newcomer), 5);
    s.known = s.committed_by(s.maker, *s.known);
    BOOST_TEST(s.known->base().version == 6);
    BOOST_TEST(s.committed_by(s.newcomer, s.open(s.newcomer)).base().version == 7);
  });
}

BOOST_AUTO_TEST_CASE(nothing_is_committed_where_the_next_version_of_others_will_be_compressed) {
  shared_scene s;
  s.foreign_commit(3, key_of(2), ".metadata.json", "GZIP");
  s.set_hint("2");
  s.check_refused(s.maker, *s.known, codec_property);
  s.check_refused(s.newcomer, s.open(s.newcomer), codec_property);
  BOOST_TEST(!s.store().objects().contains(key_of(4)));
  const table opened = s.open(s.newcomer);
  const commit_outcome unset = s.end(s.commit(s.newcomer, set_properties(opened, {}, {codec_property})), {});
  BOOST_REQUIRE(unset.committed);
  BOOST_TEST(s.committed_by(s.maker, *s.known).base().version == 5);
}

/// As long as it may land, nothing is said to be lost.
BOOST_AUTO_TEST_CASE(a_body_that_may_still_land_beside_it_is_unknown) {
  for (const char *ending : compressed_endings) {
    shared_scene s;
    s.requests().directions = [&](const sent_request &what) -> maybe_ways {
      if (!is_put(what, s.maker, 3)) return std::vector{passage()};
      if (!s.store().objects().contains(folder + "v3" + ending)) s.foreign_commit(3, key_of(2), ending, "gzip");
      return std::vector{held(10min, 10min)};
    };
    const std::string label = s.told().begin(append_kind);
    const commit_outcome came = s.end(s.commit(s.maker, with_change(*s.known, label)), {label});
    BOOST_TEST((came.failed == status::COMMIT_STATE_UNKNOWN));
    BOOST_TEST((s.resolve(s.newcomer, came.token).what == resolution::kind::unknown));
    BOOST_TEST(!s.store().objects().contains(key_of(3)));
    s.run_to_end();
    BOOST_TEST(s.store().objects().contains(key_of(3)));
    BOOST_TEST((s.resolve(s.newcomer, came.token).what == resolution::kind::committed));
  }
}

BOOST_AUTO_TEST_SUITE_END()
