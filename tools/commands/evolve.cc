#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "column_names.h"
#include "commands/commands.h"
#include "rows.h"

namespace tool {
namespace {

void refuse(const char *option, const std::string &text, const char *expected) {
  throw usage_failure(EVODB_INVALID_ARGUMENT, fmt::format("{}: expected {}, got '{}'", option, expected, text));
}

/// "after X", "before X" or "first" at the end of a text.
struct place {
  std::int32_t where = EVODB_MOVE_FIRST;
  std::string reference;
};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

/// Removes a place from the end of `text`; null if there is none.
std::optional<place> take_place(std::string &text) {
  text = trimmed(text);
  if (text.ends_with(" first")) {
    text = trimmed(std::string_view(text).substr(0, text.size() - 6));
    return place{};
  }
  for (const auto &[word, where] :
       {std::pair<std::string_view, std::int32_t>{" after ", EVODB_MOVE_AFTER}, {" before ", EVODB_MOVE_BEFORE}}) {
    for (std::size_t at = text.rfind(word); at != std::string::npos && at > 0; at = text.rfind(word, at - 1)) {
      const std::string last = trimmed(std::string_view(text).substr(at + word.size()));
      std::string_view rest = last;
      std::string reference = take_column_name(rest, " ");
      if (!rest.empty() || reference.empty()) continue;
      text = trimmed(std::string_view(text).substr(0, at));
      return place{where, std::move(reference)};
    }
  }
  return std::nullopt;
}

/// Removes `doc "…"` from the end of `text`; "" inside is a quote.
std::optional<std::string> take_doc(std::string &text) {
  text = trimmed(text);
  const std::size_t begin = text.find(" doc \"");
  if (begin == std::string::npos || !text.ends_with('"')) return std::nullopt;
  const std::size_t first = begin + 6;
  std::string doc = text.substr(first, text.size() - 1 - first);
  for (std::size_t at = doc.find("\"\""); at != std::string::npos; at = doc.find("\"\"", at + 1)) doc.erase(at, 1);
  text.erase(begin);
  return doc;
}

void move(evodb_schema_changes *changes, const std::string &name, const place &to) {
  check([&](auto **error) {
    return evodb_schema_changes_move(changes, name.data(), size_of(name), to.where, to.reference.data(),
                                     size_of(to.reference), error);
  });
}

void add_column(evodb_schema_changes *changes, std::string text) {
  const std::string whole = text;
  const std::string doc = take_doc(text).value_or("");
  const std::optional<place> to = take_place(text);
  std::string_view rest = text;
  const std::string name = take_column_name(rest, " ");
  const std::string type = trimmed(rest);
  if (type.empty()) refuse("--add", whole, "'NAME TYPE [after X|before X|first] [doc \"…\"]'");
  try {
    check([&](auto **error) {
      return evodb_schema_changes_add(changes, name.data(), size_of(name), type.data(), size_of(type), 0, doc.data(),
                                      size_of(doc), nullptr, 0, error);
    });
  } catch (failure &wrong) {
    if (type.find(' ') != std::string::npos) wrong.message += "; put a NAME with blanks in double quotes";
    throw;
  }
  if (!to) return;
  // A reference without a path is a sibling.
  place among_siblings = *to;
  const std::size_t dot = name.rfind('.');
  if (dot != std::string::npos && !to->reference.empty() && to->reference.find('.') == std::string::npos) {
    among_siblings.reference = name.substr(0, dot + 1) + to->reference;
  }
  move(changes, name, among_siblings);
}

void move_column(evodb_schema_changes *changes, std::string text) {
  const std::string whole = text;
  const std::optional<place> to = take_place(text);
  if (!to || text.empty()) refuse("--move", whole, "'NAME after X', 'NAME before X' or 'NAME first'");
  move(changes, column_name(text), *to);
}

/// Splits "NAME=VALUE"; a quoted name may contain '='.
std::pair<std::string, std::string> split_name(const std::string &text, const char *option) {
  std::string_view rest = text;
  std::string name = take_column_name(rest, "=");
  if (name.empty() || !rest.starts_with('=')) refuse(option, text, "NAME=VALUE");
  return {std::move(name), std::string(rest.substr(1))};
}

using step = std::function<void(evodb_schema_changes *, const std::string &)>;

template <typename Change>
step change_of_pair(const char *option, Change change) {
  return [option, change](evodb_schema_changes *changes, const std::string &text) {
    const auto [name, value] = split_name(text, option);
    check([&, &n = name, &v = value](auto **error) {
      return change(changes, n.data(), size_of(n), v.data(), size_of(v), error);
    });
  };
}

template <typename Change>
step change_of_name(Change change) {
  return [change](evodb_schema_changes *changes, const std::string &text) {
    const std::string name = column_name(text);
    check([&](auto **error) { return change(changes, name.data(), size_of(name), error); });
  };
}

void rename_column(evodb_schema_changes *changes, const std::string &text) {
  const auto [old_name, new_text] = split_name(text, "--rename");
  const std::string new_name = column_name(new_text);
  check([&, &old = old_name](auto **error) {
    return evodb_schema_changes_rename(changes, old.data(), size_of(old), new_name.data(), size_of(new_name), error);
  });
}

void set_identifier_fields(evodb_schema_changes *changes, const std::string &text) {
  std::vector<std::string> names;
  std::string_view rest = text;
  while (!trimmed(rest).empty()) {
    rest.remove_prefix(rest.find_first_not_of(' '));
    names.push_back(take_column_name(rest, " ,"));
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
    if (names.back().empty() || (!rest.empty() && rest.front() != ',')) refuse("--identifier", text, "NAME, NAME, …");
    if (!rest.empty()) rest.remove_prefix(1);
  }
  std::vector<const char *> pointers;
  for (const std::string &name : names) pointers.push_back(name.c_str());
  check([&](auto **error) {
    return evodb_schema_changes_set_identifier_fields(changes, pointers.data(), nullptr,
                                                      static_cast<std::int64_t>(pointers.size()), error);
  });
}

const std::map<std::string, step> &column_steps() {
  static const std::map<std::string, step> all{
      {"--add", add_column},
      {"--drop", change_of_name(evodb_schema_changes_drop)},
      {"--rename", rename_column},
      {"--promote", change_of_pair("--promote", evodb_schema_changes_widen)},
      {"--optional", change_of_name(evodb_schema_changes_make_optional)},
      {"--move", move_column},
      {"--doc", change_of_pair("--doc", evodb_schema_changes_set_doc)},
      {"--write-default", change_of_pair("--write-default", evodb_schema_changes_set_write_default)},
      {"--identifier", set_identifier_fields},
  };
  return all;
}

/// 'add TERM [AS name]', 'drop NAME' or 'rename OLD=NEW'.
void change_partition(evodb_partition_spec_changes *changes, const std::string &text) {
  const std::string whole = trimmed(text);
  const std::size_t blank = std::min(whole.size(), whole.find(' '));
  const std::string verb = whole.substr(0, blank), rest = trimmed(std::string_view(whole).substr(blank));
  if (verb == "add" && !rest.empty()) {
    check([&](auto **error) { return evodb_partition_spec_changes_add(changes, rest.data(), size_of(rest), error); });
  } else if (verb == "drop" && !rest.empty()) {
    const std::string name = column_name(rest);
    check([&](auto **error) { return evodb_partition_spec_changes_drop(changes, name.data(), size_of(name), error); });
  } else if (verb == "rename" && !rest.empty()) {
    const auto [old_name, new_text] = split_name(rest, "--partition rename");
    const std::string new_name = column_name(new_text);
    check([&, &old = old_name](auto **error) {
      return evodb_partition_spec_changes_rename(changes, old.data(), size_of(old), new_name.data(), size_of(new_name),
                                                 error);
    });
  } else {
    refuse("--partition", text, "'add TERM [AS NAME]', 'drop NAME' or 'rename OLD=NEW'");
  }
}

/// Gives the table with some of the changes.
using evolution = std::function<table_handle(const table_handle &)>;

evolution of_columns(const std::shared_ptr<evodb_schema_changes> &changes) {
  return [changes](const table_handle &table) {
    return make<table_handle>(
        [&](auto **out, auto **error) { return evodb_table_evolve(table.get(), changes.get(), out, error); });
  };
}

evolution of_partition_spec(const std::shared_ptr<evodb_partition_spec_changes> &changes) {
  return [changes](const table_handle &table) {
    return make<table_handle>([&](auto **out, auto **error) {
      return evodb_table_evolve_partition_spec(table.get(), changes.get(), out, error);
    });
  };
}

evolution of_sort_order(const std::string &text) {
  return [text](const table_handle &table) {
    return make<table_handle>([&](auto **out, auto **error) {
      return evodb_table_set_sort_order(table.get(), text.data(), size_of(text), out, error);
    });
  };
}

/// Collects the changes in their order; those of one kind that follow one another are made together.
class change_list {
 public:
  void add(const std::string &option, const std::string &text) {
    if (option == "--sort-order") {
      columns_.reset();
      partitions_.reset();
      all_.push_back(of_sort_order(text));
    } else if (option == "--partition") {
      columns_.reset();
      if (!partitions_) {
        partitions_ = make<partition_changes_handle>(
            [](auto **out, auto **error) { return evodb_partition_spec_changes_new(out, error); });
        all_.push_back(of_partition_spec(partitions_));
      }
      change_partition(partitions_.get(), text);
    } else {
      partitions_.reset();
      if (!columns_) {
        columns_ =
            make<schema_changes_handle>([](auto **out, auto **error) { return evodb_schema_changes_new(out, error); });
        all_.push_back(of_columns(columns_));
      }
      column_steps().at(option)(columns_.get(), text);
    }
  }

  std::vector<evolution> take() && { return std::move(all_); }

 private:
  std::vector<evolution> all_;
  // What the next change goes into; null after a change of another kind.
  std::shared_ptr<evodb_schema_changes> columns_;
  std::shared_ptr<evodb_partition_spec_changes> partitions_;
};

constexpr std::pair<const char *, const char *> change_options[] = {
    {"--add", "NAME TYPE [after X|before X|first] [doc \"…\"]; a NAME with blanks in double quotes, as in a filter"},
    {"--drop", "NAME"},
    {"--rename", "OLD=NEW; NEW without the parents of a nested column"},
    {"--promote,--widen",
     "NAME=TYPE: int to long, float to double, decimal to more digits; in version 3 date to timestamp"},
    {"--optional", "NAME"},
    {"--move", "NAME after X, NAME before X, NAME first"},
    {"--doc", "NAME=TEXT"},
    {"--write-default", "NAME=JSON: what writers give to rows without a value from now on; version 3"},
    {"--identifier", "NAME, NAME, …: the columns that identify a row; '' for none"},
    {"--partition", "'add TERM [AS NAME]', 'drop NAME' or 'rename OLD=NEW'; TERM as in create --partition"},
    {"--sort-order", "TERM [asc|desc] [nulls first|nulls last], …; '' for none"},
};

bool is_change(std::string_view option) {
  return std::any_of(std::begin(change_options), std::end(change_options), [&](const auto &one) {
    return std::string_view(one.first).substr(0, std::string_view(one.first).find(',')) == option;
  });
}

std::vector<evolution> read_changes(const CLI::App &app) {
  change_list changes;
  std::map<const CLI::Option *, std::size_t> used;
  for (const CLI::Option *option : app.parse_order()) {
    const std::string name = option->get_name();
    if (is_change(name)) changes.add(name, option->results().at(used[option]++));
  }
  std::vector<evolution> all = std::move(changes).take();
  if (all.empty()) throw usage_failure(EVODB_INVALID_ARGUMENT, "no change is given");
  return all;
}

}  // namespace

command add_evolve(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  CLI::App *app = add_table_command(
      program, "evolve", "Change the table's columns, partitions and sort order, in the order given, with one commit",
      "evolve ./flights --add 'delay_reason string after arr_delay doc \"why\"' --rename dest=destination "
      "--partition 'add bucket(16, tailnum)'",
      arguments);
  add_idempotency_key(*app, arguments);
  app->footer(std::string(types_text) + "\n\n" + app->get_footer());
  for (const auto &[name, description] : change_options) app->add_option(name, description)->expected(1)->take_all();
  auto run = [arguments, app] {
    const std::vector<evolution> changes = before_io([&] { return read_changes(*app); });
    const session library(*arguments);
    table_handle table = library.open();
    if (library.has_key(table))
      return print_schema(with_committed(false, schema_row(schema_at(library.commit(table), {}))), arguments->as_json);
    for (const evolution &change : changes) table = change(table);
    const table_handle committed = library.commit(table);
    print_schema(with_committed(committed, schema_row(schema_at(committed, {}))), arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
