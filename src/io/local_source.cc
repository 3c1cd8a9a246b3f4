#include "io/local_source.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "io/local_file.h"
#include "runtime/run_on.h"

namespace evodb {
namespace {

class local_source final : public byte_source {
 public:
  local_source(std::shared_ptr<runtime> environment, opened_file file)
      : environment_(std::move(environment)), file_(std::move(file)) {}

  std::int64_t size() const noexcept override { return file_.meta().size; }

  task<bytes> read(std::int64_t offset, std::int64_t length) override {
    auto work = [this, offset, length] { return file_.read(byte_range(offset, length)); };
    co_return co_await run_on(environment_->blocking(), std::move(work));
  }

 private:
  const std::shared_ptr<runtime> environment_;
  const opened_file file_;
};

}  // namespace

task<std::shared_ptr<byte_source>> open_local_source(std::shared_ptr<runtime> environment, std::string path) {
  auto work = [&path] { return opened_file::open(path); };
  std::optional<opened_file> file = co_await run_on(environment->blocking(), std::move(work));
  if (!file) fail(status::NOT_FOUND, "no such file: " + path, path);
  co_return std::make_shared<local_source>(std::move(environment), std::move(*file));
}

}  // namespace evodb
