// ranvier run: a model's answers for a user's data.

#include <unistd.h>

#include <algorithm>
#include <numeric>

#include "ranvier/session.h"
#include "tools/batches.h"
#include "tools/command.h"
#include "tools/formats/writer.h"
#include "tools/inputs.h"
#include "tools/progress.h"

namespace ranvier::tools {
namespace {

using formats::Format;

constexpr const char* help =
    "Inputs: .npy, .npz, .csv (a header is optional; one row is one sample), .json (a nested list, or an object of\n"
    "them by input name) and .pb (ONNX TensorProto). Numbers become the type of the model's input where nothing but\n"
    "precision is lost. Outputs: a table by default; csv, json, npy, npz and pb by --format or the extension of -o.\n"
    "Rows run in batches, and .csv and .npy may be larger than memory.\n"
    "Examples:\n"
    "  ranvier run digits.onnx -i digits.csv\n"
    "  ranvier run digits.onnx -i digits.npy -o scores.npy\n"
    "  ranvier run digits.onnx -i digits.csv --top 3\n"
    "  ranvier run two_inputs.onnx -i deep=a.npy -i wide=b.npy --format json\n"
    "  echo '[[5.1, 3.5, 1.4, 0.2]]' | ranvier run iris.onnx -i -\n"
    "  ranvier run digits.onnx --random --shape pixels=2x64\n"
    "  ranvier run digits.onnx -i digits.npy --tap hidden --output hidden -o hidden.npy";

struct Options {
  std::string model;
  InputOptions inputs;
  std::string output = "-";
  std::string format;
  std::vector<std::string> outputs;
  std::vector<std::string> taps;
  std::int64_t batch_size = -1;
  int threads = 0;
  std::int64_t top = 0;
  std::string labels;
};

Format output_format(const Options& options) {
  Format format = Format::text;
  if (!options.format.empty()) {
    format = *formats::format_named(options.format);
  } else if (options.output != "-") {
    const auto told = formats::format_of_extension(options.output);
    if (!told) give_up(usage, "-o {}: the extension tells no format; give --format", options.output);
    format = *told;
  }
  if (options.output == "-" && formats::binary(format) && ::isatty(STDOUT_FILENO) == 1)
    give_up(usage, "{} is no text for a terminal: give -o FILE, or redirect the output", name(format));
  return format;
}

std::vector<std::string> read_labels(const std::string& file) {
  std::vector<std::string> labels;
  if (file.empty()) return labels;
  formats::ByteSource source = formats::ByteSource::open(file);
  std::string text = source.read_all();
  if (!text.empty() && text.back() != '\n') text += '\n';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    labels.push_back(text.substr(at, end - at));
    if (!labels.back().empty() && labels.back().back() == '\r') labels.back().pop_back();
    at = end + 1;
  }
  return labels;
}

/// The indices of the outputs that are written: those named, or all.
std::vector<std::size_t> chosen_outputs(const Model& model, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const PortInfo& port : model.outputs()) known.push_back(port.name);
  std::vector<std::size_t> chosen;
  for (const std::string& name : names) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end())
      give_up(usage, "--output: the model has no output '{}'; it has '{}'", name, fmt::join(known, "', '"));
    const auto index = static_cast<std::size_t>(found - known.begin());
    if (std::find(chosen.begin(), chosen.end(), index) != chosen.end())
      give_up(usage, "--output: '{}' is given twice", name);
    chosen.push_back(index);
  }
  if (names.empty()) {
    chosen.resize(known.size());
    std::iota(chosen.begin(), chosen.end(), 0);
  }
  return chosen;
}

std::unique_ptr<formats::Writer> make_writer(const Options& options, std::vector<std::string> names) {
  const Format format = output_format(options);
  if (options.top == 0 && !options.labels.empty()) give_up(usage, "--labels goes with --top only");
  const bool one = format == Format::npy || format == Format::pb || options.top > 0;
  if (one && names.size() > 1)
    give_up(usage, "the model has {} outputs, and {} takes one: choose it with --output", names.size(),
            options.top > 0 ? "--top" : name(format));
  if (options.top > 0 && formats::binary(format))
    give_up(usage, "--top writes text, csv or json, not {}", name(format));
  return formats::make_writer(format, options.output, std::move(names), {options.top, read_labels(options.labels)});
}

/// The model, whose outputs the taps are among.
Model tapped(const Options& options) {
  const Model model = load_model(options.model);
  try {
    return options.taps.empty() ? model : model.tapped(options.taps);
  } catch (const Error& error) {
    give_up(usage, "--tap: {}", error.what());
  }
}

ExitCode run(const Options& options) {
  const Model model = tapped(options);
  const std::vector<std::size_t> chosen = chosen_outputs(model, options.outputs);
  Readers readers = open_inputs(model.inputs(), options.inputs);
  const Batching how = batching(model, readers, options.batch_size);
  std::vector<std::string> names;
  for (const std::size_t i : chosen) names.push_back(model.outputs()[i].name);
  const auto writer = make_writer(options, std::move(names));
  const Session session(model, {.threads = options.threads});
  ProgressBar bar;
  BatchSteps steps;
  steps.run = [&](std::span<const Tensor> inputs) {
    try {
      return session.run(inputs);
    } catch (const Error& error) {
      throw error.within(options.model);
    }
  };
  steps.take = [&](const std::vector<Tensor>& outputs) {
    std::vector<Tensor> written;
    for (const std::size_t i : chosen) written.push_back(outputs[i]);
    writer->write(written);
  };
  steps.progress = [&](std::int64_t rows) { bar.show(rows, progress(readers)); };
  run_batches(model, readers, how, steps);
  writer->finish();
  return good;
}

}  // namespace

Command run_command() {
  const auto options = std::make_shared<Options>();
  Command command = {.name = "run",
                     .about = "Run a model on data and write its outputs",
                     .help = help,
                     .options = input_options(options->inputs),
                     .job = [options] { return run(*options); }};
  command.options.insert(
      command.options.end(),
      {{"MODEL", &options->model, "An ONNX file"},
       {"-o,--out", &options->output, "Where the outputs go; - (default) is standard output"},
       {"--format", &options->format, "Of the outputs", one_of({"text", "csv", "json", "npy", "npz", "pb"})},
       {"--output", &options->outputs, "Only this output; may be given several times"},
       {"--tap", &options->taps, "Also this value of the model, by its name in the file; may be given several times"},
       {"--batch-size", &options->batch_size, "Rows for one run; 0: all (default: at most 1024)",
        number_from<std::int64_t>(0)},
       {"--threads", &options->threads, "0 (default): as many as the machine allows",
        number_from(0, SessionOptions::most_threads)},
       {"--top", &options->top, "Write the K best classes of each row", number_from<std::int64_t>(1)},
       {"--labels", &options->labels, "A file with the name of each class on its line"}});
  return command;
}

}  // namespace ranvier::tools
