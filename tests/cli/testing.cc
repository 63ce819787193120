#include "tests/cli/testing.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

namespace ranvier::cli {
namespace {

namespace fs = std::filesystem;

constexpr unsigned most_seconds = 60;

std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void redirect(int stream, const fs::path& file, int flags) {
  const int opened = ::open(file.c_str(), flags, 0666);
  if (opened < 0 || ::dup2(opened, stream) < 0) ::_exit(127);
  ::close(opened);
}

/// The address sanitizer says of an allocation that it refuses, before the program can: that line is left out.
std::string without_sanitizer(std::string text) {
#ifdef __SANITIZE_ADDRESS__
  const std::size_t warning = text.find("AddressSanitizer failed to allocate");
  if (warning != std::string::npos) {
    const std::size_t line = text.rfind('\n', warning) + 1;  // 0 where there is none before
    text.erase(line, text.find('\n', warning) + 1 - line);
  }
#endif
  return text;
}

}  // namespace

Cli::Cli() {
  std::string pattern = (fs::temp_directory_path() / "ranvier cli XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
  folder = pattern;
  fs::create_directory_symlink(RANVIER_SOURCE_DIR "/models", folder / "models");
}

Cli::~Cli() {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

Outcome Cli::run(const Arguments& arguments, const Surroundings& around) const {
  std::vector<std::string> words = {RANVIER_COMMAND};
  if (!around.shell.empty()) words = {"/bin/sh", "-c", around.shell, RANVIER_COMMAND};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  // Files rather than pipes: neither side ever waits for the other.
  const loader::testing::TemporaryFolder streams;
  streams.write("in", around.input);
  const pid_t child = ::fork();
  if (child == 0) {
    redirect(STDIN_FILENO, streams.path() / "in", O_RDONLY);
    redirect(STDOUT_FILENO, streams.path() / "out", O_WRONLY | O_CREAT);
    redirect(STDERR_FILENO, streams.path() / "err", O_WRONLY | O_CREAT);
    ::alarm(most_seconds);
    if (::chdir(folder.c_str()) == 0) ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  int status = 0;
  rusage used = {};
  if (child < 0 || ::wait4(child, &status, 0, &used) != child) throw std::runtime_error("cannot run the command");
  return {.code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status),
          .out = read_file(streams.path() / "out"),
          .err = without_sanitizer(read_file(streams.path() / "err")),
          .peak_bytes = used.ru_maxrss * 1024};
}

std::string Cli::output_of(const Arguments& arguments, const Surroundings& around) const {
  const Outcome outcome = run(arguments, around);
  EXPECT_EQ(outcome.code, 0) << fmt::format("ranvier {}", fmt::join(arguments, " "));
  EXPECT_EQ(outcome.err, "");
  return outcome.out;
}

void Cli::expect_error(int code, const std::string& message, const Arguments& arguments,
                       const Surroundings& around) const {
  const Outcome outcome = run(arguments, around);
  EXPECT_EQ(outcome.err, "ranvier: " + message + "\n");
  EXPECT_EQ(outcome.code, code) << fmt::format("ranvier {}", fmt::join(arguments, " "));
  EXPECT_EQ(outcome.out, "");
}

void Cli::write(const std::string& name, const std::string& bytes) const {
  std::ofstream(folder / name, std::ios::binary) << bytes;
}

void Cli::write(const std::string& name, const onnx::ModelProto& model) const { write(name, loader::serialize(model)); }

std::string Cli::read(const std::string& name) const { return read_file(folder / name); }

std::vector<std::string> Cli::names() const {
  std::vector<std::string> result;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename() != "models") result.push_back(entry.path().filename().string());
  std::sort(result.begin(), result.end());
  return result;
}

onnx::ModelProto identity_model(int type) {
  onnx::ModelProto model = loader::testing::empty_model();
  onnx::GraphProto* graph = model.mutable_graph();
  loader::testing::declare(graph->add_input(), "x", {-1, 2});
  loader::testing::declare(graph->add_output(), "y", {-1, 2});
  loader::testing::add_node(graph, "Identity", {"x"}, {"y"}, "identity");
  for (auto* info : {graph->mutable_input(0), graph->mutable_output(0)}) {
    auto* tensor = info->mutable_type()->mutable_tensor_type();
    tensor->set_elem_type(type);
    tensor->mutable_shape()->mutable_dim(0)->set_dim_param("rows");
  }
  return model;
}

onnx::ModelProto two_by_two_model() {
  onnx::ModelProto model = loader::testing::empty_model();
  onnx::GraphProto* graph = model.mutable_graph();
  for (const char* name : {"a", "b"}) loader::testing::declare(graph->add_input(), name, {-1, 2});
  for (const char* name : {"sum", "difference"}) loader::testing::declare(graph->add_output(), name, {-1, 2});
  loader::testing::add_node(graph, "Add", {"a", "b"}, {"sum"}, "add");
  loader::testing::add_node(graph, "Sub", {"a", "b"}, {"difference"}, "subtract");
  return model;
}

std::string npy(const std::vector<std::int64_t>& shape, const std::vector<float>& values) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (const std::int64_t dim : shape) header += fmt::format("{}, ", dim);
  header += ")}";
  header.resize(117, ' ');  // 128 bytes with what comes before and the line's end
  std::string file("\x93NUMPY\x01\x00\x76\x00", 10);
  file += header + '\n';
  return file.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
}

}  // namespace ranvier::cli
