// Running the command line in a test.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runtime/loader/testing.h"

namespace ranvier::cli {

/// How a process ended, and what it wrote.
struct Outcome {
  int code = 0;  ///< The exit code; where a signal ended the process, minus its number.
  std::string out;
  std::string err;
  std::int64_t peak_bytes = 0;  ///< The most memory that the process had in use at a time.
};

/// What a process gets beside its arguments.
struct Surroundings {
  std::string input = {};  ///< The contents of standard input.
  /// What a shell runs in place of the command, which it has as "$0" "$@"; empty: the command alone.
  std::string shell = {};
};

using Arguments = std::vector<std::string>;

/// A test with a folder of its own, with a blank in its name, in which the command runs. There, `models` is a link to
/// the models of the project.
class Cli : public ::testing::Test {
 protected:
  Cli();
  ~Cli() override;

  /// Runs `ranvier` with these arguments. After a minute SIGALRM ends it.
  Outcome run(const Arguments& arguments, const Surroundings& around = {}) const;

  /// What the command prints, which has to succeed without a message.
  std::string output_of(const Arguments& arguments, const Surroundings& around = {}) const;

  /// Expects that the command fails with that exit code, `message` and nothing else on standard error, and no output.
  void expect_error(int code, const std::string& message, const Arguments& arguments,
                    const Surroundings& around = {}) const;

  void write(const std::string& name, const std::string& bytes) const;
  void write(const std::string& name, const onnx::ModelProto& model) const;
  std::string read(const std::string& name) const;
  /// The names of what lies in the folder beside `models`, sorted.
  std::vector<std::string> names() const;

  std::filesystem::path folder;
};

/// y = x of a type, both of shape [rows, 2].
onnx::ModelProto identity_model(int type = onnx::TensorProto::FLOAT);

/// sum = a + b and difference = a - b, all float[rows, 2].
onnx::ModelProto two_by_two_model();

/// A .npy file of floats.
std::string npy(const std::vector<std::int64_t>& shape, const std::vector<float>& values);

}  // namespace ranvier::cli
