#include "catalog/filesystem/hint_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "catalog/filesystem/metadata_files.h"
#include "runtime/cancellation.h"
#include "runtime/deadline.h"
#include "runtime/trace.h"

namespace evodb {
namespace {

constexpr int most_rivals = 5;
/// So long at most does a commit wait for its hint.
constexpr std::chrono::seconds longest_write{5};
constexpr int most_writes_in_background = 10;

}  // namespace

hint_writer::hint_writer(std::shared_ptr<const storage> where, const location &table)
    : storage_(std::move(where)),
      hint_(storage_, table),
      table_(table),
      location_(table.child(metadata_folder).child(version_hint_name).to_text()) {}

/// False when another commit is moving it already and takes this version along.
bool hint_writer::begin(const target &committed) {
  const std::lock_guard<std::mutex> held(state_);
  if (!committed.is_reached_by(wanted_)) wanted_ = committed;
  return !std::exchange(is_moving_, true);
}

/// False when the hint has to be moved further.
bool hint_writer::finish() {
  const std::lock_guard<std::mutex> held(state_);
  is_moving_ = !wanted_.is_reached_by(reached_);
  return !is_moving_;
}

void hint_writer::give_up() {
  const std::lock_guard<std::mutex> held(state_);
  is_moving_ = false;
}

task<std::optional<error>> hint_writer::move_to(target committed) {
  if (begin(committed)) co_await begin_move();
  const std::lock_guard<std::mutex> held(state_);
  co_return unmoved_because_;
}

task<> hint_writer::begin_move() {
  const bool may_write = storage_->runtime()->steady_now() >= not_before_;
  if (may_write) co_await write_wanted(moment::after_commit);
  if (finish()) co_return;
  if (storage_->store().rewrite_interval().count() == 0) co_return give_up();
  try {
    auto later = [self = shared_from_this()] { return self->go_on_later(); };
    storage_->background().start(storage_->runtime(), std::move(later), "version hint");
  } catch (const std::exception &) {
    give_up();
  }
}

/// Whatever ends it, the next commit can begin anew.
task<> hint_writer::go_on_later() {
  std::exception_ptr broken;
  try {
    co_await write_later();
  } catch (...) {
    broken = std::current_exception();
  }
  if (!broken) co_return;
  give_up();
  std::rethrow_exception(broken);
}

task<> hint_writer::write_later() {
  for (int writes = 0; writes < most_writes_in_background; ++writes) {
    const auto pause = not_before_ - storage_->runtime()->steady_now();
    co_await storage_->runtime()->sleep(std::max(pause, std::chrono::nanoseconds(0)));
    co_await write_wanted(moment::later);
    if (finish()) co_return;
  }
  give_up();
}

task<> hint_writer::write_wanted(moment when) {
  target wanted;
  {
    const std::lock_guard<std::mutex> held(state_);
    wanted = wanted_;
  }
  const executor here = co_await boost::asio::this_coro::executor;
  std::optional<error> failed, left_wrong;
  try {
    std::function<task<>()> body = [&]() -> task<> { left_wrong = co_await write(wanted, when); };
    const bool has_ended = co_await run_within(*storage_->runtime(), longest_write, std::move(body));
    if (!has_ended)
      failed.emplace(status::STORAGE_UNAVAILABLE, fmt::format("not done within {} seconds", longest_write.count()));
  } catch (...) {
    failed = error_of(
        as_seen_by_callers(std::current_exception()));  // the commit has landed, and must not seem to have failed
  }
  if (failed) {
    etag_.clear();
    log_record record(*storage_->runtime(), here, log_level::warning, "the version hint could not be moved");
    record.set("evodb.object.key", hint_.key());
    record.set("exception.message", failed->message());
  }
  not_before_ = storage_->runtime()->steady_now() + storage_->store().rewrite_interval();
  const std::lock_guard<std::mutex> held(state_);
  unmoved_because_ = std::move(left_wrong);
  if (failed) {
    unmoved_because_ = describe(wanted, *failed);
  } else {
    reached_ = wanted;
  }
}

error hint_writer::describe(const target &wanted, const error &why) const {
  error described(why.code(),
                  fmt::format("the commit is done, but the version hint could not be moved to {}, so engines that "
                              "follow it read an older version of the table: {}",
                              wanted.version, why.message()),
                  location_);
  described.store = why.store;
  return described;
}

/// A hint above what was committed is right where others have committed since. No commit moves a wrong one back.
task<std::optional<error>> hint_writer::check_above(std::int64_t hint, target committed) const {
  std::vector<location> names{metadata_file_location(table_, hint)};
  for (location &compressed : compressed_metadata_file_locations(table_, hint)) names.push_back(std::move(compressed));
  for (const location &name : names) {
    const std::optional<object_meta> found = co_await storage_->store().head(name.key);
    if (found) co_return std::nullopt;
  }
  co_return error(
      status::CORRUPT,
      fmt::format("the commit is done, but the version hint names version {}, which is not there, so engines "
                  "that follow it find no table, and no commit moves it back: write {} into it, or what is "
                  "the newest version by then, without a newline",
                  hint, committed.version),
      location_);
}

/// Hints only rise, as long as the table is the same.
bool hint_writer::was_dropped(const target &wanted, std::int64_t hint) const {
  return written_.table == wanted.table && hint < written_.version;
}

/// What is wrong with a hint that is left as it is; mostly null.
task<std::optional<error>> hint_writer::write(target wanted, moment when) {
  const auto body = std::make_shared<const bytes>(std::to_string(wanted.version));
  if (written_.table != wanted.table) etag_.clear();
  for (int rivals = 0; rivals < most_rivals; ++rivals) {
    put_options options;
    options.content_type = "text/plain";
    options.condition = put_condition(put_condition::kind::if_match, std::exchange(etag_, {}));
    if (options.condition.etag.empty()) {
      const std::optional<object> found = co_await hint_.get();
      const std::int64_t hint = found ? version_hint::parse(found->body).value_or(0) : 0;
      if (written_.table == wanted.table && hint > written_.version) moved_by_others_ = hint;
      if (hint > wanted.version) co_return co_await check_above(hint, wanted);
      if (hint == wanted.version) co_return std::nullopt;
      if (found && found->meta.size > version_hint::longest_text) {
        fail(status::CORRUPT,
             fmt::format("it is of {} bytes, which are no number of a version; delete it", found->meta.size));
      }
      if (when == moment::later && was_dropped(wanted, hint))
        co_return std::nullopt;  // nothing waits for this table's hint
      options.condition = found ? put_condition(put_condition::kind::if_match, found->meta.etag)
                                : put_condition(put_condition::kind::if_absent);
    }
    const put_outcome outcome = co_await storage_->store().put(hint_.key(), body, std::move(options));
    if (outcome.what == put_outcome::kind::done) {
      etag_ = outcome.etag;
      written_ = wanted;
      co_return std::nullopt;
    }
    if (outcome.reason) throw *outcome.reason;
  }
  fail(status::STORAGE_UNAVAILABLE, "other writers changed it again and again");
}

}  // namespace evodb
