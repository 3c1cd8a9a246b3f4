// The library's S3 client in virtual time: what it does is decided to the nanosecond, so limits and pauses are asserted
// exactly.
#include "failure.h"
#include "runtime/operation.h"
#include "simulation/heard_warnings.h"
#include "simulation/http_store.h"
#include "simulation/scene.h"
#include "simulation/writer.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(http_test)

namespace {

const std::string key = "t/object";

passage unanswered(bool breaks) {
  passage way;
  way.arrives = false;
  way.breaks = breaks;
  return way;
}

passage refused(int status, std::optional<int> retry_after_s = std::nullopt) {
  passage way;
  way.takes_effect = false;
  way.answer.emplace();
  way.answer->status = status;
  way.answer->code = "SlowDown";
  way.answer->retry_after_s = retry_after_s;
  return way;
}

/// One process, and what it reads: every request is recorded with the time at which it was sent.
struct reading {
  explicit reading(http_limits within = {}, std::chrono::milliseconds clock_error = 0ms,
                   std::chrono::nanoseconds operation_limit = 0ns)
      : environment(std::make_shared<simulated_runtime>(in, in.new_process(), clock_error, operation_limit)),
        store(make_http_store(way, environment, within)) {
    to.put(key, std::make_shared<const bytes>("content"), put_options());
    way.directions = [this](const sent_request &what) -> std::optional<std::vector<passage>> {
      sent.push_back(in.now() - begun);
      if (!direct) return std::vector{passage()};
      return std::vector{direct(what)};
    };
  }
  ~reading() { in.drop_everything(); }

  std::shared_ptr<operation> start() {
    begun = in.now();
    return operation::start(environment, [this]() -> task<std::shared_ptr<void>> {
      std::string same = key;
      const byte_range everything{0, -1};
      const std::optional<object> found = co_await store->get(std::move(same), everything);
      content = found ? found->body : "absent";
      ended = in.now() - begun;
      co_return nullptr;
    });
  }
  void run_until_ready(const operation &running) {
    while (!running.is_ready() && in.step()) continue;
    ended = in.now() - begun;
    if (running.failure()) std::rethrow_exception(running.failure());
  }
  /// Reads the object, or throws why not.
  void read() {
    const auto running = start();
    run_until_ready(*running);
  }

  world in{1};
  bucket to{in};
  network way{in, to};
  std::shared_ptr<simulated_runtime> environment;
  std::shared_ptr<object_store> store;
  std::function<passage(const sent_request &)> direct;
  steady_time begun;
  std::vector<std::chrono::nanoseconds> sent;
  std::chrono::nanoseconds ended{};
  bytes content;
};

http_limits limits(std::chrono::nanoseconds connect, std::chrono::nanoseconds exchange,
                   std::chrono::nanoseconds budget) {
  http_limits within;
  within.of_a_try.connect = connect;
  within.of_a_try.exchange = exchange;
  within.retry_budget = budget;
  return within;
}

enum class standstill { before_a_request, after_a_step };

passage denied() {
  passage way = refused(403);
  way.answer->code = "AccessDenied";
  return way;
}

/// A commit whose outcome is unknown, and whose body lands in ten minutes.
void send_late(scene &s, process &writer, const table &changed, const std::string &label) {
  bool is_sent = false;
  s.requests().directions = [&](const sent_request &sent) -> std::optional<std::vector<passage>> {
    if (!is_put(sent, writer, changed.base().version + 1)) return std::nullopt;
    std::vector<passage> ways{lost()};
    ways.front().breaks = true;
    if (!std::exchange(is_sent, true)) ways.push_back(held(10min));
    return ways;
  };
  BOOST_TEST((s.end(s.commit(writer, changed), {label}).heard == ledger::told::unknown));
}

/// A commit during which its machine is suspended for 100 hours: before its request of that number, or after so many
/// steps. Meanwhile others commit, and old versions and orphans are cleaned away; or its body lands, which was sent by a
/// call before. False when the commit had ended before.
bool stand_still_during_a_commit(standstill when, int number, bool is_alone, bool is_body_late) {
  scene s(scene::default_seed(1), 0, true);
  process &writer = s.start_process();
  std::shared_ptr<object_store> patient =
      make_http_store(s.requests(), writer.environment, limits(1000h, 1000h, 1000h));
  location root = patient->root();
  writer.tables = std::make_shared<open_tables>(
      std::make_shared<const storage>(writer.environment, std::move(patient), std::move(root)));
  table value = s.open(writer);
  if (is_alone) {  // the next commit writes its files before it has asked for its base
    const std::string first = s.told().begin(append_kind);
    value = *s.end(s.commit(writer, with_change(value, first)), {first}).committed;
    s.run_to_end();
  }
  const std::string label = s.told().begin(append_kind);
  int taken = 0;
  const auto suspend_at_last = [&] {
    if (++taken != number) return;
    s.in().stall(writer.id, 100h);
    writer.environment->lose_time(100h);
  };
  table changed = with_change(value, label);
  if (is_body_late) send_late(s, writer, changed, label);
  int reads_of_base = 0;
  s.requests().directions = [&](const sent_request &sent) -> std::optional<std::vector<passage>> {
    if (when == standstill::before_a_request && sent.from == writer.id) suspend_at_last();
    if (!is_body_late || sent.from != writer.id) return std::nullopt;
    const bool is_for_base = sent.key == key_of(value.base().version);
    if (reads_of_base > 2) return std::vector<passage>{denied()};  // what it knows by then is all that its caller hears
    if (!is_for_base || reads_of_base++ > 0) return std::nullopt;
    return std::vector<passage>{held(101h)};  // it is answered after all that is asked with it
  };
  const auto running = s.commit(writer, std::move(changed));
  s.run_until([&] {
    if (when == standstill::after_a_step) suspend_at_last();
    return taken >= number || running->is_ready();
  });
  if (running->is_ready()) return false;
  if (!is_body_late) s.others_commit(5);
  s.pass(75h);
  if (!is_body_late) s.clean_up();  // or the base would be gone, which tells the writer enough
  s.sweep_up();
  BOOST_TEST_CONTEXT((when == standstill::after_a_step ? "step " : "request ")
                     << number << (is_alone ? ", alone" : "") << (is_body_late ? ", with a late body" : "")) {
    // What was first signed days ago, and has left no trace, may have been there and be gone again.
    BOOST_TEST((s.end(running, {label}).heard != ledger::told::not_committed));
    s.requests().directions = nullptr;
    s.run_to_end();
    s.check();
  }
  return true;
}

/// A commit whose version goes that way first, and with ease after that.
struct sending : scene {
  explicit sending(passage first) : scene(default_seed(1), 0, true) {
    process &self = start_process();
    const std::string label = told().begin(append_kind);
    const table value = with_change(open(self), label);
    requests().directions = [this, first](const sent_request &what) -> std::optional<std::vector<passage>> {
      const bool is_version = what.what == sent_request::kind::put && what.key.ends_with("/v2.metadata.json");
      if (is_version) sent.push_back(in().now());
      return std::vector{is_version && sent.size() == 1 ? first : passage()};
    };
    came = end(commit(self, value), {label});
  }
  std::vector<steady_time> sent;
  commit_outcome came;
};

constexpr auto there_and_back = 2ms;

}  // namespace

BOOST_AUTO_TEST_CASE(a_connection_is_made_once_and_used_again) {
  reading r;
  r.read();
  BOOST_TEST(r.content == "content");
  BOOST_TEST((r.ended == r.way.connecting + there_and_back));
  r.read();
  BOOST_TEST((r.ended == there_and_back));
  BOOST_TEST(r.store->count_of(store_counter::connections_opened) == 1);
  r.in.after(1min, 0, [] {});
  while (r.in.step()) continue;
  r.read();  // the server has closed the idle one
  BOOST_TEST((r.ended == r.way.connecting + there_and_back));
  BOOST_TEST(r.store->count_of(store_counter::connections_opened) == 2);
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_is_given_up_at_the_limit) {
  for (const auto exchange : {500ms, 60'000ms}) {
    reading r(limits(10s, exchange, 0s));
    r.direct = [](const sent_request &) { return unanswered(false); };
    CHECK_FAILS(r.read(), status::STORAGE_UNAVAILABLE, "no whole answer from account.r2.cloudflarestorage.com within");
    BOOST_TEST((r.ended == r.way.connecting + exchange));
    BOOST_TEST(r.sent.size() == 1u);
    BOOST_TEST(r.store->count_of(store_counter::connections_in_use) == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_never_made_is_given_up_at_the_limit) {
  reading r(limits(3s, 60s, 0s));
  r.way.connecting = 1h;  // the name's resolution, the handshakes
  CHECK_FAILS(r.read(), status::STORAGE_UNAVAILABLE,
              "no connection to account.r2.cloudflarestorage.com within 3 s: waited for a simulated connection");
  BOOST_TEST((r.ended == 3s));
  BOOST_TEST(r.sent.empty());
}

BOOST_AUTO_TEST_CASE(an_operation_ends_at_its_limit_whatever_it_waits_for) {
  for (const bool connects : {true, false}) {
    reading r(limits(1h, 1h, 1h), 0ms, 2500ms);
    if (!connects) r.way.connecting = 1h;
    r.direct = [](const sent_request &) { return unanswered(false); };
    CHECK_FAILS(r.read(), status::DEADLINE_EXCEEDED,
                connects ? "not done within 2500 ms: cancelled while waiting for an answer of account.r2."
                         : "not done within 2500 ms: cancelled while waiting for a simulated connection");
    BOOST_TEST((r.ended == 2500ms));
  }
  reading retrying(limits(10s, 60s, 1h), 0ms, 2500ms);
  retrying.direct = [](const sent_request &) { return refused(503); };
  CHECK_FAILS(retrying.read(), status::DEADLINE_EXCEEDED, "not done within 2500 ms");
  BOOST_TEST((retrying.ended == 2500ms));
  BOOST_TEST(retrying.sent.size() > 2u);
}

BOOST_AUTO_TEST_CASE(what_keeps_a_request_waiting_for_five_seconds_is_warned_of) {
  const auto heard_of = [](std::chrono::nanoseconds connecting, std::chrono::nanoseconds answering) {
    heard_warnings heard;
    reading r(limits(60s, 60s, 0s));
    r.environment->listener = &heard;
    r.way.connecting = connecting;
    r.direct = [&](const sent_request &) {
      passage slow;
      slow.back = answering;
      return slow;
    };
    const std::int64_t before_ms = r.environment->now_ms();
    r.read();
    BOOST_TEST(r.content == "content");
    std::vector<std::pair<std::string, std::int64_t>> all;
    for (const event &one : heard.all)
      all.emplace_back(attribute(one, "evodb.waiting.for"), one.time_ns / 1'000'000 - before_ms);
    return all;
  };
  using warnings = std::vector<std::pair<std::string, std::int64_t>>;
  const std::string answer = "an answer of account.r2.cloudflarestorage.com", connection = "a simulated connection";
  BOOST_TEST((heard_of(4900ms, 4900ms) == warnings{}));
  BOOST_TEST((heard_of(1s, 20s) == warnings{{answer, 6000}}));
  BOOST_TEST((heard_of(20s, 6s) == warnings{{connection, 5000}, {answer, 25'000}}));
}

BOOST_AUTO_TEST_CASE(tries_go_on_with_growing_pauses_until_the_budget_is_spent) {
  reading r(limits(10s, 60s, 30s));
  r.direct = [](const sent_request &) { return refused(500); };
  CHECK_FAILS(r.read(), status::STORAGE_UNAVAILABLE, "account.r2.cloudflarestorage.com answered 500 SlowDown");
  BOOST_TEST((r.ended <= 30s));
  BOOST_TEST(r.sent.size() > 6u);
  for (std::size_t i = 1; i < r.sent.size(); ++i) {
    const auto pause = r.sent[i] - r.sent[i - 1] - there_and_back;
    BOOST_TEST((pause < std::min<std::chrono::nanoseconds>(100ms * (1 << (i - 1)), 10s)), i);
  }
  BOOST_TEST(r.store->count_of(store_counter::retries) == static_cast<std::int64_t>(r.sent.size()) - 1);
  BOOST_TEST(r.store->count_of(store_counter::connections_opened) == 1);
}

BOOST_AUTO_TEST_CASE(the_store_is_left_alone_as_long_as_it_asks) {
  for (const int status : {429, 503}) {
    reading r;
    r.direct = [&](const sent_request &) { return r.sent.size() == 1 ? refused(status, 7) : passage(); };
    r.read();
    BOOST_TEST(r.content == "content");
    const auto pause = r.sent.at(1) - r.sent.at(0) - there_and_back;
    BOOST_TEST((pause >= 7s && pause < 7s + 100ms));
  }
  reading impatient(limits(10s, 60s, 5s));
  impatient.direct = [](const sent_request &) { return refused(503, 6); };
  CHECK_FAILS(impatient.read(), status::STORAGE_UNAVAILABLE, "503");
  BOOST_TEST((impatient.ended == impatient.way.connecting + there_and_back));
}

BOOST_AUTO_TEST_CASE(a_key_is_written_again_after_a_second) {
  reading r;
  r.direct = [&](const sent_request &) { return r.sent.size() == 1 ? unanswered(true) : passage(); };
  const auto running = operation::start(r.environment, [&]() -> task<std::shared_ptr<void>> {
    std::string other = "t/other";
    auto body = std::make_shared<const bytes>("x");
    put_options options;
    const put_outcome outcome = co_await r.store->put(std::move(other), std::move(body), std::move(options));
    BOOST_TEST((outcome.what == put_outcome::kind::done));
    co_return nullptr;
  });
  r.run_until_ready(*running);
  const auto pause = r.sent.at(1) - r.sent.at(0);
  BOOST_TEST((pause >= 1s && pause < 1s + 110ms));
}

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_is_not_used_again) {
  reading r;
  r.read();
  r.direct = [&](const sent_request &) { return r.sent.size() == 2 ? unanswered(true) : passage(); };
  r.read();
  BOOST_TEST(r.content == "content");
  BOOST_TEST(r.store->count_of(store_counter::connections_opened) == 2);
  BOOST_TEST(r.store->count_of(store_counter::retries) == 1);
}

/// Its answer would be taken for that of the next one.
BOOST_AUTO_TEST_CASE(the_connection_of_a_cancelled_request_is_not_used_again) {
  reading r;
  r.direct = [](const sent_request &) {
    passage slow;
    slow.back = 10s;
    return slow;
  };
  const auto running = r.start();
  r.in.after(5s, 0, [&] { running->cancel(); });
  CHECK_FAILS(r.run_until_ready(*running), status::CANCELLED, "cancelled");
  BOOST_TEST((r.ended == 5s));
  BOOST_TEST(r.store->count_of(store_counter::connections_in_use) == 0);
  r.to.put(key, std::make_shared<const bytes>("newer"), put_options());
  r.direct = nullptr;
  r.read();
  BOOST_TEST(r.content == "newer");
  BOOST_TEST(r.store->count_of(store_counter::connections_opened) == 2);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_wrong_is_set_by_the_stores) {
  for (const auto clock_error : {-20min, 20min, -600min, 600min}) {
    reading r({}, clock_error);
    r.read();
    BOOST_TEST(r.content == "content");
    BOOST_TEST(r.sent.size() == 2u);
    r.sent.clear();
    r.read();
    BOOST_TEST(r.sent.size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(writers_whose_clocks_differ_by_hours_commit_to_one_table) {
  scene s(scene::default_seed(1), 0, true);
  std::vector<std::pair<process *, table>> writers;
  for (const auto clock_error : {-180min, 0min, 180min}) {
    process &one = s.start_process(clock_error);
    writers.emplace_back(&one, s.open(one));
  }
  for (int round = 0; round < 3; ++round) {
    for (auto &[by, newest] : writers) {
      const std::string label = s.told().begin(append_kind);
      const commit_outcome came = s.end(s.commit(*by, with_change(newest, label)), {label});
      BOOST_REQUIRE(came.committed);
      newest = *came.committed;
    }
  }
  s.check();
}

/// A machine that is suspended comes back with the clock of that moment. Whatever it had read by then, it has not read
/// lately; and no signature of that time may be made younger by what the store says of its clock.
BOOST_AUTO_TEST_CASE(a_machine_that_stood_still_during_a_commit_does_not_fork_history) {
  for (const bool is_body_late : {false, true}) {
    for (const bool is_alone : {false, true}) {
      for (const auto when : {standstill::before_a_request, standstill::after_a_step}) {
        int number = 0;
        do {
          ++number;
        } while (stand_still_during_a_commit(when, number, is_alone, is_body_late));
        BOOST_TEST_MESSAGE(number - 1 << " moments");
        BOOST_TEST(number > 5);
      }
    }
  }
}

/// The same key is written again after a second, or as long as the store asks to be left alone, if that is not too long.
BOOST_AUTO_TEST_CASE(a_version_is_sent_again_when_the_store_allows_it) {
  const std::vector<std::pair<passage, std::chrono::nanoseconds>> ways{{unanswered(true), 1s},
                                                                       {refused(503), 1s},
                                                                       {refused(429, 0), 1s},
                                                                       {refused(429, 9), 9s},
                                                                       {refused(503, 60), 60s}};
  for (const auto &[way, pause] : ways) {
    sending s(way);
    BOOST_TEST((s.came.heard == ledger::told::committed));
    BOOST_TEST_REQUIRE(s.sent.size() == 2u);
    // The answer, then the slot is read and found empty.
    BOOST_TEST((s.sent[1] - s.sent[0] >= pause && s.sent[1] - s.sent[0] < pause + 2 * there_and_back));
    s.check();
  }
  sending refused_for_long(refused(503, 3600));
  BOOST_TEST((refused_for_long.came.heard == ledger::told::unknown));
  BOOST_TEST(refused_for_long.sent.size() == 1u);
  refused_for_long.check();
}

/// The machine's clock jumps ahead since this process has committed: it writes before any answer tells it so.
BOOST_AUTO_TEST_CASE(a_clock_that_is_ahead_dates_no_manifests) {
  scene s(scene::default_seed(1), 0, true);
  process &self = s.start_process();
  const std::string first = s.told().begin(append_kind), label = s.told().begin(append_kind);
  table value = *s.end(s.commit(self, with_change(s.open(self), first)), {first}).committed;
  s.run_to_end();
  value = with_change(value, label);
  self.environment->lose_time(-30h);
  s.requests().directions = [&](const sent_request &what) -> std::optional<std::vector<passage>> {
    const bool is_version = what.what == sent_request::kind::put && what.key.ends_with("/v3.metadata.json");
    if (!is_version) return std::nullopt;
    passage denied = refused(403);
    denied.answer->code = "AccessDenied";
    return std::vector{denied};
  };
  BOOST_TEST((s.end(s.commit(self, value), {label}).failed == status::ACCESS_DENIED));
  s.requests().directions = nullptr;
  s.pass(73h);
  s.sweep_up();  // which takes manifests that are three days old
  BOOST_TEST((s.end(s.commit(self, value), {label}).heard == ledger::told::committed));
  s.run_to_end();
  s.check();
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_ahead_expires_no_young_snapshots) {
  scene s(scene::default_seed(1), 1, true);
  process &self = s.start_process();
  table value = s.open(self);
  std::vector<std::int64_t> made;
  for (int i = 0; i < 5; ++i) {
    const std::string label = s.told().begin(append_kind);
    if (i == 4) self.environment->lose_time(-30h);
    value = *s.end(s.commit(self, with_change(value, label)), {label}).committed;
    made.push_back(value.metadata()->current_snapshot()->snapshot_id);
    s.pass(10s);
  }
  for (const std::int64_t id : made) BOOST_TEST(value.metadata()->find_snapshot(id));
  BOOST_TEST(value.metadata()->current_snapshot()->timestamp_ms <= s.in().now_ms());
}

BOOST_AUTO_TEST_SUITE_END()
