#include "io/local/local_source.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "io/local/local_file.h"
#include "runtime/abandonable_call.h"

namespace evodb {
namespace {

class local_source final : public byte_source {
 public:
  local_source(std::shared_ptr<runtime> environment, std::shared_ptr<const opened_file> file)
      : environment_(std::move(environment)), file_(std::move(file)) {}

  std::int64_t size() const noexcept override { return file_->meta().size; }

  task<bytes> read(std::int64_t offset, std::int64_t length) override {
    auto work = [file = file_, offset, length] { return file->read(byte_range(offset, length)); };
    co_return co_await call_blocking(environment_, std::move(work));
  }

 private:
  const std::shared_ptr<runtime> environment_;
  const std::shared_ptr<const opened_file> file_;
};

}  // namespace

task<std::shared_ptr<byte_source>> open_local_source(std::shared_ptr<runtime> environment, std::string path) {
  auto work = [path] {
    std::optional<opened_file> file = opened_file::open(path);
    return file ? std::make_shared<const opened_file>(std::move(*file)) : nullptr;
  };
  std::shared_ptr<const opened_file> file = co_await call_blocking(environment, std::move(work));
  if (!file) fail(status::NOT_FOUND, "no such file: " + path, path);
  file = released_where_it_may_block(environment, std::move(file));
  co_return std::make_shared<local_source>(std::move(environment), std::move(file));
}

}  // namespace evodb
