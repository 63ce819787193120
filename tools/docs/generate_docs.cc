// Writes the generated part of docs/. usage: generate_docs [--check] FOLDER
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <vector>

#include "tools/docs/pages.h"

namespace ranvier::docs {
namespace {

std::string read(const std::string& file) {
  std::ifstream stream(file);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

int main(const std::vector<std::string>& arguments) {
  const bool check = arguments.size() == 2 && arguments[0] == "--check";
  if (arguments.size() != (check ? 2 : 1)) {
    fmt::print(stderr, "usage: generate_docs [--check] FOLDER\n");
    return 2;
  }
  const std::string& folder = arguments.back();
  Pages pages = activation_pages(read(folder + "/activations/measured.json"));
  pages["operators.md"] = operators_page();
  bool good = true;
  for (const auto& [name, contents] : pages) {
    const std::string file = folder + "/" + name;
    if (check ? read(file) == contents : static_cast<bool>(std::ofstream(file) << contents << std::flush)) continue;
    good = false;
    if (check)
      fmt::print(stderr, "{} is not what the tables say; write it anew with: generate_docs {}\n", file, folder);
    else
      fmt::print(stderr, "{} cannot be written\n", file);
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace ranvier::docs

int main(int count, char** arguments) {
  try {
    return ranvier::docs::main({arguments + 1, arguments + count});
  } catch (const std::exception& error) {
    fmt::print(stderr, "generate_docs: {}\n", error.what());
    return 1;
  }
}
