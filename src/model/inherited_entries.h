#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "model/data_files.h"
#include "model/manifest_file.h"

namespace evodb {

/// What a manifest's entries inherit from its row of a manifest list (spec, "Sequence Number Inheritance", "First Row ID
/// Inheritance"). It differs between lists: a commit that is tried again, and an upgrade to version 3, list the same
/// manifest with other numbers.
class manifest_inheritance {
 public:
  explicit manifest_inheritance(const manifest_file &listed)
      : snapshot_id_(listed.added_snapshot_id),
        sequence_number_(listed.sequence_number),
        first_row_id_(listed.content == manifest_content::data ? listed.first_row_id : std::nullopt) {}

  /// Throws CORRUPT naming `listed` where an entry leaves out what it must not.
  static manifest_inheritance of(const manifest_file &listed, const manifest_entries &entries);

  std::int64_t snapshot_id(const manifest_entries &of, std::size_t row) const noexcept {
    return own_or(of.snapshot_ids, row, snapshot_id_);
  }
  std::int64_t sequence_number(const manifest_entries &of, std::size_t row) const noexcept {
    return own_or(of.sequence_numbers, row, sequence_number_);
  }
  /// Where an EXISTING or DELETED entry leaves it out, which the spec forbids and early writers of version 2 did, it is the
  /// data sequence number.
  std::int64_t file_sequence_number(const manifest_entries &of, std::size_t row) const noexcept {
    const bool is_added = of.statuses[row] == entry_status::added;
    return own_or(of.file_sequence_numbers, row, is_added ? sequence_number_ : sequence_number(of, row));
  }
  /// Of live files; empty where the list gives the manifest none. The entries' details must have been read.
  std::vector<std::int64_t> first_row_ids(const manifest_entries &of) const;

  /// Puts the numbers into the entries.
  void apply_to(manifest_entries &entries) const;

 private:
  static std::int64_t own_or(const std::vector<std::int64_t> &numbers, std::size_t row, std::int64_t left) noexcept {
    return numbers.empty() || numbers[row] == manifest_entries::inherited ? left : numbers[row];
  }

  std::int64_t snapshot_id_;
  std::int64_t sequence_number_;
  std::optional<std::int64_t> first_row_id_;
};

/// Files as a manifest has them that adds them: all is left to its row of the list.
std::shared_ptr<const manifest_entries> added_entries(const data_files &files);

/// A manifest's entries as one snapshot has them: its columns, which are shared, and what they inherit there.
class inherited_entries {
 public:
  inherited_entries() = default;
  inherited_entries(std::shared_ptr<const manifest_entries> stored, const manifest_inheritance &inheritance)
      : stored_(std::move(stored)), inheritance_(inheritance) {}

  /// Before inheritance.
  const manifest_entries *operator->() const noexcept { return stored_.get(); }
  const manifest_entries &operator*() const noexcept { return *stored_; }
  explicit operator bool() const noexcept { return stored_ != nullptr; }

  std::int64_t snapshot_id(std::size_t row) const noexcept { return inheritance_.snapshot_id(*stored_, row); }
  std::int64_t sequence_number(std::size_t row) const noexcept { return inheritance_.sequence_number(*stored_, row); }
  std::int64_t file_sequence_number(std::size_t row) const noexcept {
    return inheritance_.file_sequence_number(*stored_, row);
  }
  std::vector<std::int64_t> first_row_ids() const { return inheritance_.first_row_ids(*stored_); }

 private:
  std::shared_ptr<const manifest_entries> stored_;
  manifest_inheritance inheritance_{manifest_file()};
};

}  // namespace evodb
