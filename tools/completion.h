#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tool {

/// A script for bash, zsh or fish that completes commands and their options.
std::string completion_script(const CLI::App &program, const std::string &shell);

}  // namespace tool
