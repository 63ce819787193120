// What the tests of formats share.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "ranvier/model.h"
#include "runtime/core/error.h"

namespace ranvier::formats::testing {

/// A folder for one test, removed with all that lies in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "ranvier-test-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = path;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  /// The path of a file in it.
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

  /// Writes a file and returns its path.
  std::string file(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return *this / name;
  }

  /// The names of what lies in it, hidden files too.
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) result.push_back(entry.path().filename());
    return result;
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// An input 'x'; a dimension of -1 is unknown, and the first of those is called "batch".
inline PortInfo port(std::vector<std::int64_t> dims, DataType type = DataType::float32) {
  PortInfo info;
  info.name = "x";
  info.type = type;
  info.ranked = true;
  bool named = false;
  for (const std::int64_t dim : dims) {
    info.dimensions.push_back({dim, dim < 0 && !named ? "batch" : ""});
    named |= dim < 0;
  }
  return info;
}

template <class T>
std::vector<T> elements(const Tensor& tensor) {
  const auto span = tensor.values<T>();
  return {span.begin(), span.end()};
}

/// The message of the ranvier::Error that `function` throws; "" where it throws none.
template <class Function>
std::string error_of(const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    return std::string(name(error.code())) + ": " + error.what();
  }
  return "";
}

}  // namespace ranvier::formats::testing
