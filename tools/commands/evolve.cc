#include <fmt/format.h>

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

const std::map<std::string, step> &steps() {
  static const std::map<std::string, step> all{
      {"--add", add_column},
      {"--drop", change_of_name(evodb_schema_changes_drop)},
      {"--rename", rename_column},
      {"--promote", change_of_pair("--promote", evodb_schema_changes_widen)},
      {"--optional", change_of_name(evodb_schema_changes_make_optional)},
      {"--move", move_column},
      {"--doc", change_of_pair("--doc", evodb_schema_changes_set_doc)},
  };
  return all;
}

/// The changes in the order of the command line.
schema_changes_handle read_changes(const CLI::App &app) {
  auto changes =
      make<schema_changes_handle>([](auto **out, auto **error) { return evodb_schema_changes_new(out, error); });
  std::map<const CLI::Option *, std::size_t> used;
  bool is_empty = true;
  for (const CLI::Option *option : app.parse_order()) {
    const auto found = steps().find(option->get_name());
    if (found == steps().end()) continue;
    found->second(changes.get(), option->results().at(used[option]++));
    is_empty = false;
  }
  if (is_empty) throw usage_failure(EVODB_INVALID_ARGUMENT, "no change is given");
  return changes;
}

}  // namespace

command add_evolve(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  CLI::App *app = add_table_command(
      program, "evolve", "Change the table's columns, in the order given, with one commit",
      "evolve ./flights --add 'delay_reason string after arr_delay doc \"why\"' --rename dest=destination", arguments);
  add_idempotency_key(*app, arguments);
  app->footer(std::string(types_text) + "\n\n" + app->get_footer());
  const std::pair<const char *, const char *> options[] = {
      {"--add", "NAME TYPE [after X|before X|first] [doc \"…\"]; a NAME with blanks in double quotes, as in a filter"},
      {"--drop", "NAME"},
      {"--rename", "OLD=NEW; NEW without the parents of a nested column"},
      {"--promote,--widen",
       "NAME=TYPE: int to long, float to double, decimal to more digits; in version 3 date to timestamp"},
      {"--optional", "NAME"},
      {"--move", "NAME after X, NAME before X, NAME first"},
      {"--doc", "NAME=TEXT"},
  };
  for (const auto &[name, description] : options) app->add_option(name, description)->expected(1)->take_all();
  auto run = [arguments, app] {
    const schema_changes_handle changes = before_io([&] { return read_changes(*app); });
    const session library(*arguments);
    const table_handle table = library.open();
    if (library.has_key(table))
      return print_schema(with_committed(false, schema_row(schema_at(library.commit(table), {}))), arguments->as_json);
    const auto evolved = make<table_handle>(
        [&](auto **out, auto **error) { return evodb_table_evolve(table.get(), changes.get(), out, error); });
    const table_handle committed = library.commit(evolved);
    print_schema(with_committed(committed, schema_row(schema_at(committed, {}))), arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
