#include "table/files/upload.h"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "base/text_cursor.h"
#include "io/local/local_source.h"
#include "io/open/open_storage.h"
#include "runtime/cancellation.h"
#include "runtime/deadline.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/files/inspect.h"

namespace evodb {
namespace {

constexpr std::size_t concurrent_uploads = 4;

class watched_source final : public byte_source {
 public:
  watched_source(std::shared_ptr<byte_source> of, std::shared_ptr<transfer_progress> progress)
      : of_(std::move(of)), progress_(std::move(progress)) {}

  std::int64_t size() const noexcept override { return of_->size(); }
  task<bytes> read(std::int64_t offset, std::int64_t length) override { return of_->read(offset, length); }
  void was_stored(std::int64_t length) noexcept override { progress_->done_bytes += length; }

 private:
  const std::shared_ptr<byte_source> of_;
  const std::shared_ptr<transfer_progress> progress_;
};

task<> upload_one(const storage &where, std::string from, std::string to, std::int64_t inspected_bytes,
                  std::shared_ptr<transfer_progress> progress) {
  std::string path = from;
  std::shared_ptr<byte_source> file = co_await open_local_source(where.runtime(), std::move(path));
  auto content = std::make_shared<watched_source>(std::move(file), std::move(progress));
  if (content->size() != inspected_bytes)
    fail(status::STORAGE_UNAVAILABLE, "the file changed after it was looked at: " + from, from);
  std::string key = where.key_of(to);
  put_options options;
  const put_outcome outcome = co_await where.store().upload(std::move(key), std::move(content), std::move(options));
  if (outcome.what != put_outcome::kind::done)
    throw outcome.reason.value_or(error(status::STORAGE_UNAVAILABLE, "the file could not be stored", to));
}

task<> remove_copies(const storage &where, const std::vector<inspected_file> &copies) {
  std::vector<std::string> keys;
  for (const inspected_file &one : copies) keys.push_back(where.key_of(one.file.file_path));
  co_await where.store().remove(std::move(keys));
}

}  // namespace

std::string copied_name(const std::string &unique, std::string_view original_path) {
  constexpr std::string_view suffix = ".parquet";
  constexpr std::size_t longest = 128;
  std::string_view stem = original_path.substr(original_path.rfind('/') + 1);
  if (stem.ends_with(suffix)) stem.remove_suffix(suffix.size());
  std::string name = unique + "-";
  const std::size_t room = longest - name.size() - suffix.size();
  for (const char c : stem.substr(0, room)) name += is_word_char(c) || c == '-' || c == '.' ? c : '_';
  return name.append(suffix);
}

task<std::shared_ptr<const table_files>> upload_files(table of, std::vector<std::string> files, path_values from_path,
                                                      std::shared_ptr<transfer_progress> progress) {
  const std::shared_ptr<table_context> context = of.context();
  context->catalog().check_committable(of.base());
  const std::shared_ptr<const storage> to = context->storage();
  std::shared_ptr<const storage> here = open_storage(to->runtime(), "file:///");
  const file_inspection inspection(std::move(of));
  std::vector<std::string> paths = files;
  std::vector<inspected_file> copies = co_await inspection.look_at(std::move(here), std::move(paths), from_path);
  auto name = [&] {
    std::int64_t total = 0;
    const location folder = context->location().child(data_folder);
    for (std::size_t i = 0; i < files.size(); ++i) {
      total += copies[i].file.file_size;
      const std::string unique = context->runtime().random_uuid().to_text();
      copies[i].file.file_path = folder.child(copied_name(unique, files[i])).to_text();
    }
    progress->total_bytes = total;
  };
  co_await run_on(to->runtime()->cpu(), name);
  std::exception_ptr failed;
  try {
    std::function<task<>(std::size_t)> body = [&](std::size_t i) {
      return upload_one(*to, files[i], copies[i].file.file_path, copies[i].file.file_size, progress);
    };
    co_await for_each_concurrently(files.size(), concurrent_uploads, std::move(body));
  } catch (...) {
    failed = std::current_exception();
  }
  if (failed) {
    co_await disregard_cancellation();
    std::function<task<>()> remove = [&] { return remove_copies(*to, copies); };
    co_await tidy_up(*to->runtime(), std::move(remove));
    std::rethrow_exception(failed);
  }
  co_await disregard_cancellation();  // the result is there, but for its form
  auto collect = [&] { return inspection.files_of(std::exchange(copies, {})); };
  co_return co_await run_on(to->runtime()->cpu(), collect);
}

}  // namespace evodb
