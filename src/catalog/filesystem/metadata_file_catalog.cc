#include "catalog/filesystem/metadata_file_catalog.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/filesystem/version_discovery.h"
#include "catalog/filesystem/version_evidence.h"

namespace evodb {
namespace {

class metadata_file_catalog : public catalog {
 public:
  metadata_file_catalog(std::shared_ptr<const storage> where, location file)
      : storage_(std::move(where)), file_(std::move(file)) {}

  task<table_version> find() override {
    std::optional<table_version> found = co_await read_metadata_file(*storage_, file_);
    if (!found) fail(status::NOT_FOUND, "no such metadata file", file_.to_text());
    co_return std::move(*found);
  }

  task<table_version> refresh(table_version known) override { co_return known; }

  task<std::optional<table_version>> successor(table_version) override { co_return std::nullopt; }

  bool is_same(const table_version &one, const table_version &other) const noexcept override {
    return evidence_of(one).fingerprint == evidence_of(other).fingerprint;
  }

  void check_committable(const table_version &) const override { refuse(); }

  task<commit_answer> commit(table_version, std::vector<table_requirement>, std::vector<table_update>, version_facts,
                             recorder) override {
    refuse();
  }

  task<commit_answer> settle(table_version, commit_attempt) override { refuse(); }

  task<attempt_fate> resolve(std::string, uuid, predicate) override { refuse(); }

  task<> show_waiting(table_version) override { co_return; }

  bool take_sign_of_others() override { return false; }

  task<> make_durable(table_version) override { co_return; }

 private:
  [[noreturn]] void refuse() const {
    fail(status::UNSUPPORTED, "a table opened by its metadata file is one version of it and cannot be committed to",
         file_.to_text());
  }

  std::shared_ptr<const storage> storage_;
  location file_;
};

}  // namespace

std::shared_ptr<catalog> make_metadata_file_catalog(std::shared_ptr<const storage> where, location metadata_file) {
  return std::make_shared<metadata_file_catalog>(std::move(where), std::move(metadata_file));
}

}  // namespace evodb
