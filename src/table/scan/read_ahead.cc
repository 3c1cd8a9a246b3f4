#include "table/scan/read_ahead.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>
#include <vector>

#include "runtime/cancellation.h"

namespace evodb {
namespace {

namespace asio = boost::asio;

/// For each computing thread: one manifest is decoded while others are fetched.
constexpr std::size_t places_a_thread = 4;
constexpr std::int64_t bytes_a_place = std::int64_t{4} << 20;

}  // namespace

/// A manifest that is being read, or was.
struct read_ahead::slot {
  const scan_source *from = nullptr;
  std::size_t places = 0;
  async_semaphore turn{1};           ///< the reader has it to its end, so that a taker can wait for that
  asio::cancellation_signal cancel;  ///< of home, as is:
  bool has_begun = false;            ///< what is thrown before that is lost in co_spawn
  bool is_done = false;              ///< with the lock held, as all below
  scanned_manifest result;
  std::exception_ptr failure;
};

read_ahead::read_ahead(std::shared_ptr<const plan> over, bool explains, executor home)
    : plan_(std::move(over)),
      explains_(explains),
      home_(std::move(home)),
      places_(places_a_thread * static_cast<std::size_t>(plan_->context()->runtime().cpu_threads())) {}

bool read_ahead::is_enough() const noexcept {
  return plan_->limit() >= 0 && kept_files_ >= plan_->limit();
}

/// Null where nothing is to be read, or not yet.
std::shared_ptr<read_ahead::slot> read_ahead::begin_next() {
  const std::lock_guard<std::mutex> held(state_);
  while (!is_stopped_ && !is_enough() && next_source_ < plan_->sources().size()) {
    const scan_source &from = plan_->sources()[next_source_];
    const std::int64_t bytes = from.uncommitted ? 0 : std::max<std::int64_t>(from.manifest.manifest_length, 0);
    const auto wanted = std::min(places_, 1 + static_cast<std::size_t>(bytes / bytes_a_place));
    const std::size_t places = from.is_skipped ? 0 : wanted;
    if (used_places_ + places > places_) return nullptr;
    ++next_source_;
    used_places_ += places;
    auto made = std::make_shared<slot>();
    made->from = &from;
    made->places = places;
    slots_.push_back(made);
    if (!from.is_skipped) return made;
    made->result = skip_manifest(from, explains_);
    made->is_done = true;
  }
  return nullptr;
}

void read_ahead::go_on() {
  while (const std::shared_ptr<slot> next = begin_next()) {
    const auto keep = [next](const std::exception_ptr &) {};  // what can cancel outlives what is cancelled
    async_semaphore::permit until_the_end = next->turn.acquire_at_once();
    task<> reading = read(shared_from_this(), next, std::move(until_the_end));
    asio::co_spawn(home_, std::move(reading), asio::bind_cancellation_slot(next->cancel.slot(), keep));
  }
}

/// Where it is dropped before it has begun, its permit lets the taker go, too.
task<> read_ahead::read(std::shared_ptr<read_ahead> self, std::shared_ptr<slot> into,
                        async_semaphore::permit until_the_end) {
  const async_semaphore::permit held_to_the_end = std::move(until_the_end);
  into->has_begun = true;
  std::optional<scanned_manifest> result;
  std::exception_ptr failure;
  try {
    {
      const std::lock_guard<std::mutex> held(self->state_);
      if (self->is_cancelled_) fail(status::CANCELLED, "cancelled");
    }
    result = co_await scan_manifest(*self->plan_, *into->from, self->explains_);
  } catch (...) {
    failure = as_seen_by_callers(std::current_exception());
  }
  const std::lock_guard<std::mutex> held(self->state_);
  if (result) {
    self->kept_files_ += result->counts.files_kept;
    into->result = std::move(*result);
  } else {
    self->is_stopped_ = true;
    into->failure = std::move(failure);
  }
  into->is_done = true;
}

std::optional<read_ahead::taken> read_ahead::take() {
  std::shared_ptr<slot> first;
  {
    const std::lock_guard<std::mutex> held(state_);
    if (slots_.empty() || !slots_.front()->is_done) return std::nullopt;
    first = slots_.front();
    if (!first->failure) slots_.pop_front();
  }
  if (first->failure) std::rethrow_exception(first->failure);
  return taken{std::move(first->result), first->places};
}

bool read_ahead::is_done() const {
  const std::lock_guard<std::mutex> held(state_);
  return slots_.empty() && (is_stopped_ || is_enough() || next_source_ == plan_->sources().size());
}

task<> read_ahead::wait() {
  std::shared_ptr<slot> first;
  {
    const std::lock_guard<std::mutex> held(state_);
    if (!slots_.empty()) first = slots_.front();
  }
  if (!first) fail(status::INTERNAL, "nothing is being read");
  const async_semaphore::permit ended = co_await first->turn.acquire();
}

void read_ahead::give_back(std::size_t places) {
  const std::lock_guard<std::mutex> held(state_);
  used_places_ -= places;
}

bool read_ahead::has_many_places() const {
  const std::lock_guard<std::mutex> held(state_);
  return 2 * used_places_ <= places_;
}

void read_ahead::stop() {
  if (plan_->context()->runtime().forked()) return;  // its lock may be held for ever
  std::vector<std::shared_ptr<slot>> being_read;
  {
    const std::lock_guard<std::mutex> held(state_);
    is_stopped_ = true;
    if (std::exchange(is_cancelled_, true)) return;
    for (const std::shared_ptr<slot> &one : slots_) {
      if (!one->is_done) being_read.push_back(one);
    }
  }
  if (being_read.empty()) return;
  asio::post(home_, [being_read = std::move(being_read), self = shared_from_this()] {
    for (const std::shared_ptr<slot> &one : being_read) {
      if (one->has_begun) one->cancel.emit(asio::cancellation_type::terminal);
    }
  });
}

}  // namespace evodb
