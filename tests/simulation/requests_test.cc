// What a commit asks of a store that is far away: how many requests, and how many round trips one after another. Every
// request takes one virtual round trip, so that the time a commit takes counts those that had to wait for one another.

#include <fmt/format.h>

#include <ctime>
#include <map>

#include "failure.h"
#include "simulation/scene.h"
#include "simulation/writer.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(requests_test)

namespace {

/// The requests of one operation by verb and kind of object, and its round trips.
struct cost {
  std::map<std::string, int> requests;
  std::int64_t round_trips = 0;
};

std::string verb_of(const sent_request &sent) {
  switch (sent.what) {
    case sent_request::kind::get:
      return "GET ";
    case sent_request::kind::head:
      return "HEAD ";
    case sent_request::kind::put:
      return "PUT ";
    case sent_request::kind::list:
      return "LIST ";
    case sent_request::kind::remove:
      return "DELETE ";
  }
  return "";
}

std::string kind_of(const std::string &key) {
  if (key.ends_with(".gz.metadata.json") || key.ends_with(".metadata.json.gz")) return "compressed version";
  if (key.ends_with(".metadata.json")) return "version";
  if (key.ends_with("version-hint.text")) return "hint";
  if (key.find("/snap-") != std::string::npos) return "list";
  return key.ends_with(".avro") ? "manifest" : key;
}

const std::string hint_key = fmt::format("{}/metadata/version-hint.text", table_name);

struct counted_scene : scene {
  explicit counted_scene(int max_snapshots = 0) : scene(default_seed(5), max_snapshots) {
    requests().connecting = 0ms;  // whose round trips are those of the pool, not of the commit
    requests().directions = [this](const sent_request &sent) -> std::optional<std::vector<passage>> {
      const std::string what = verb_of(sent) + kind_of(sent.key);
      ++seen.requests[what];
      if (on_request) on_request(what);
      passage way;
      way.there = way.back = round_trip / 2;
      return std::vector<passage>{way};
    };
  }

  /// Appends to what is the newest for that process, each call a value of its own. Without the hint.
  cost append(process &by, int values_at_once = 1) {
    const table newest = last.contains(by.id) ? last.at(by.id) : open(by);
    seen = {};
    const steady_time before = in().now();
    std::vector<std::shared_ptr<operation>> running;
    std::vector<std::string> labels;
    for (int i = 0; i < values_at_once; ++i) {
      labels.push_back(told().begin(append_kind));
      running.push_back(commit(by, with_change(newest, labels.back())));
    }
    for (int i = 0; i < values_at_once; ++i) {
      const commit_outcome came = end(running[static_cast<std::size_t>(i)], {labels[static_cast<std::size_t>(i)]});
      BOOST_REQUIRE(came.committed);
      last.insert_or_assign(by.id, *came.committed);
    }
    seen.round_trips = (in().now() - before) / round_trip;
    for (const char *in_the_background : {"GET hint", "PUT hint"}) seen.requests.erase(in_the_background);
    return seen;
  }

  void drop_table() {
    while (!store().objects().empty()) store().remove({store().objects().begin()->first});
  }

  bytes hint() {
    const auto found = store().objects().find(hint_key);
    return found == store().objects().end() ? bytes() : *found->second.body;
  }

  const std::chrono::nanoseconds round_trip = 50ms;
  cost seen;
  std::function<void(const std::string &what)> on_request;
  std::map<process_id, table> last;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_writer_that_made_the_previous_version_waits_for_two_round_trips) {
  counted_scene s;
  process &writer = s.start_process();
  s.append(writer);
  for (int i = 0; i < 5; ++i) {
    const cost of_one = s.append(writer);
    // Whether the next version is there by any of its names, and whether its own still is, is asked beside the first two
    // writes.
    const std::map<std::string, int> expected{
        {"PUT manifest", 1}, {"PUT list", 1}, {"PUT version", 1}, {"GET version", 2}, {"HEAD compressed version", 2}};
    BOOST_TEST(of_one.requests == expected);
    BOOST_TEST(of_one.round_trips == 2);
  }
  s.check();
}

BOOST_AUTO_TEST_CASE(a_group_of_appends_waits_no_longer_than_one) {
  counted_scene s;
  process &writer = s.start_process();
  s.append(writer);
  const cost of_eleven = s.append(writer, 11);  // as one group, or the first of them in front of it
  BOOST_TEST(of_eleven.requests.at("PUT manifest") == 11);
  BOOST_TEST(of_eleven.requests.at("PUT list") == 11);
  const int groups = of_eleven.requests.at("PUT version");
  BOOST_TEST(groups <= 2);
  BOOST_TEST(of_eleven.requests.at("GET version") == 2 * groups);
  BOOST_TEST(of_eleven.round_trips == 2 * groups);
  s.check();
}

BOOST_AUTO_TEST_CASE(another_writer_in_between_costs_a_version_and_a_list) {
  counted_scene s;
  process &writer = s.start_process();
  process &other = s.start_process();
  s.append(other);
  s.append(writer);
  s.append(other);
  s.append(writer);
  s.append(other);
  // It has seen by now that it is not alone, and writes nothing before it has asked.
  const cost after_another = s.append(writer);
  std::map<std::string, int> expected{{"PUT manifest", 1}, {"PUT list", 1},     {"PUT version", 1},
                                      {"GET version", 2},  {"HEAD version", 1}, {"HEAD compressed version", 2 + 2},
                                      {"GET list", 1}};
  BOOST_TEST(after_another.requests == expected);
  BOOST_TEST(after_another.round_trips == 5);
  // Alone again, it finds that out once.
  expected = {
      {"PUT manifest", 1}, {"PUT list", 1}, {"PUT version", 1}, {"GET version", 2}, {"HEAD compressed version", 2}};
  BOOST_TEST(s.append(writer).round_trips == 3);
  const cost alone = s.append(writer);
  BOOST_TEST(alone.requests == expected);
  BOOST_TEST(alone.round_trips == 2);
  s.check();
}

BOOST_AUTO_TEST_CASE(others_that_made_some_versions_in_between_cost_no_body_that_is_lost) {
  counted_scene s;
  process &writer = s.start_process();
  process &other = s.start_process();
  s.append(writer);
  for (int i = 0; i < 4; ++i) s.append(other);
  s.append(writer);
  for (int i = 0; i < 4; ++i) s.append(other);
  const cost after_others = s.append(writer);
  // The next version and one's own; the three behind the next one, and that there is no more, by no name; the newest.
  const std::map<std::string, int> expected{{"PUT manifest", 1}, {"PUT list", 1},
                                            {"PUT version", 1},  {"GET version", 3},
                                            {"HEAD version", 7}, {"HEAD compressed version", 2 + 2 + 2},
                                            {"GET list", 1}};
  BOOST_TEST(after_others.requests == expected);
  s.check();
}

BOOST_AUTO_TEST_CASE(a_table_that_was_made_anew_meanwhile_is_not_committed_to) {
  counted_scene s;
  process &writer = s.start_process();
  for (int i = 0; i < 3; ++i) s.append(writer);  // so that it writes before it has asked
  const std::int64_t version = s.newest_version();
  s.drop_table();
  process &other = s.start_process();
  s.end(s.commit(other, new_table(other, 0)), {});
  for (std::int64_t v = 1; v < version; ++v) s.append(other);
  s.run_to_end();
  const auto before = s.store().objects();
  const std::string label = s.told().begin(append_kind);
  const commit_outcome came = s.end(s.commit(writer, with_change(s.last.at(writer.id), label)), {});
  BOOST_TEST((came.failed == status::CONFLICT));
  for (const auto &[key, stored] : s.store().objects())
    BOOST_TEST((before.contains(key) || key.ends_with("-m0.avro")), key);  // its manifests are its value's
}

/// As when the bucket was put back to what it was some days ago, and others went on from there.
BOOST_AUTO_TEST_CASE(a_version_that_has_taken_the_place_of_ones_own_is_committed_on) {
  counted_scene s;
  process &writer = s.start_process();
  process &other = s.start_process();
  const auto before = s.store().objects();
  for (int i = 0; i < 3; ++i) s.append(writer);  // so that it writes before it has asked
  s.run_to_end();
  s.drop_table();
  for (const auto &[key, stored] : before) s.store().put(key, stored.body, put_options());
  for (int i = 0; i < 3; ++i) s.append(other);
  s.run_to_end();
  const std::string label = s.told().begin(append_kind);
  const commit_outcome came = s.end(s.commit(writer, with_change(s.last.at(writer.id), label)), {label});
  BOOST_REQUIRE(came.committed);
  const auto others = s.last.at(other.id).metadata()->current_snapshot();
  BOOST_TEST((came.committed->metadata()->current_snapshot()->parent_snapshot_id == others->snapshot_id));
}

BOOST_AUTO_TEST_CASE(the_hint_is_written_once_a_second_and_names_the_last_version_in_the_end) {
  counted_scene s;
  process &writer = s.start_process();
  const steady_time before = s.in().now();
  int commits = 0;
  int hints = 0;
  s.on_request = [&](const std::string &what) { hints += what == "PUT hint"; };
  for (; s.in().now() - before < 10s; ++commits) s.append(writer);
  BOOST_TEST(commits > 50);
  BOOST_TEST(hints >= 9);
  BOOST_TEST(hints <= 11);
  s.run_to_end();
  BOOST_TEST(hints <= 12);
  BOOST_TEST(s.hint() == std::to_string(s.newest_version()));
  s.check();
}

BOOST_AUTO_TEST_CASE(flushing_waits_for_the_hint) {
  counted_scene s;
  process &writer = s.start_process();
  for (int i = 0; i < 3; ++i) s.append(writer);
  BOOST_TEST(s.hint() != std::to_string(s.newest_version()));
  const auto flushing = operation::start(writer.environment, [&]() -> task<std::shared_ptr<void>> {
    co_await writer.tables->storage()->background().finish();
    co_return nullptr;
  });
  s.run_until([&] { return flushing->is_ready(); });
  BOOST_TEST(s.hint() == std::to_string(s.newest_version()));
}

BOOST_AUTO_TEST_CASE(a_table_made_anew_by_the_same_process_has_a_hint_of_its_own) {
  counted_scene s;
  process &writer = s.start_process();
  for (int i = 0; i < 3; ++i) s.append(writer);
  s.run_to_end();
  s.drop_table();
  s.last.insert_or_assign(writer.id, *s.end(s.commit(writer, new_table(writer, 0)), {}).committed);
  BOOST_TEST(s.hint() == "1");
  s.append(writer);
  s.run_to_end();
  BOOST_TEST(s.hint() == "2");
}

BOOST_AUTO_TEST_CASE(a_hint_that_is_still_to_be_moved_is_not_moved_in_a_table_made_anew_by_others) {
  for (const bool has_hint : {false, true}) {
    counted_scene s;
    process &writer = s.start_process();
    for (int i = 0; i < 3; ++i) s.append(writer);
    s.drop_table();
    process &other = s.start_process();
    s.end(s.commit(other, new_table(other, 0)), {});
    BOOST_TEST(s.hint() == "1");
    if (!has_hint) s.store().remove({hint_key});
    s.run_to_end();
    BOOST_TEST(s.hint() == (has_hint ? "1" : ""));
  }
}

/// Two of them look for a compressed next version, beside the one that looks for it as this library writes it: they are
/// of the cheap kind, unlike a listing, and cost no time.
BOOST_AUTO_TEST_CASE(a_table_is_opened_with_five_requests_in_three_round_trips) {
  counted_scene s;
  s.append(s.start_process());
  process &reader = s.start_process();
  s.seen = {};
  const steady_time before = s.in().now();
  s.open(reader);
  const std::map<std::string, int> expected{
      {"GET hint", 1}, {"HEAD version", 1}, {"HEAD compressed version", 2}, {"GET version", 1}};
  BOOST_TEST(s.seen.requests == expected);
  BOOST_TEST((s.in().now() - before) / s.round_trip == 3);
}

BOOST_AUTO_TEST_CASE(a_hint_that_is_far_behind_is_walked_up_in_few_round_trips) {
  counted_scene s;
  process &writer = s.start_process();
  while (s.newest_version() < 13) s.append(writer);
  s.run_to_end();
  s.store().put(hint_key, std::make_shared<const bytes>("1"), put_options());
  process &reader = s.start_process();
  s.seen = {};
  const steady_time before = s.in().now();
  s.open(reader);
  const std::map<std::string, int> expected{
      {"GET hint", 1}, {"HEAD version", 1 + 2 + 4 + 8}, {"HEAD compressed version", 2 + 2}, {"GET version", 1}};
  BOOST_TEST(s.seen.requests == expected);
  BOOST_TEST((s.in().now() - before) / s.round_trip == 7);  // whether the first absent one is compressed is asked last
}

/// Merging a table's manifests is counted apart: one more is written then, of those that this process has in memory.
BOOST_AUTO_TEST_CASE(a_commit_costs_the_same_however_many_came_before) {
  counted_scene s(100);
  process &writer = s.start_process();
  std::map<int, cost> plain;  // by how many appends came before
  int merges = 0;
  double seconds = 0;
  for (int before = 0; before < 1'010; ++before) {
    const std::clock_t begun = std::clock();
    const cost one = s.append(writer);
    seconds += static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    const bool is_merge = one.requests.at("PUT manifest") == 2;
    merges += is_merge;
    if (!is_merge) plain[before] = one;
    BOOST_TEST(one.requests.at("PUT manifest") <= 2);
    BOOST_TEST(!one.requests.contains("GET manifest"));
    if (before > 0) BOOST_TEST(one.round_trips <= 3);  // the first one finds the table
    if (before % 100 == 99) {
      BOOST_TEST_MESSAGE(fmt::format("{} appends: {:.0f} us of CPU each of the last 100", before + 1, 1e4 * seconds));
      seconds = 0;
    }
    s.pass(2min);
  }
  BOOST_TEST(merges >= 9);
  BOOST_TEST(merges <= 11);
  for (const auto &[before, one] : plain) {
    if (before >= 1'000) BOOST_TEST((one.requests == plain.at(10).requests), before << " before");
  }
}

BOOST_AUTO_TEST_SUITE_END()
