#include "tools/inputs.h"

#include <algorithm>
#include <charconv>
#include <random>

#include "runtime/core/data_type.h"
#include "runtime/loader/tensor_file.h"
#include "tools/command.h"
#include "tools/formats/convert.h"
#include "tools/formats/json.h"
#include "tools/formats/npy.h"
#include "tools/formats/npz.h"

namespace ranvier::tools {
namespace {

using formats::ByteSource;
using formats::Format;

std::string quoted_names(const std::vector<PortInfo>& ports) {
  std::vector<std::string> names;
  for (const PortInfo& port : ports) names.push_back("'" + port.name + "'");
  return fmt::format("{}", fmt::join(names, ", "));
}

const PortInfo* find(const std::vector<PortInfo>& ports, std::string_view name) {
  const auto found = std::find_if(ports.begin(), ports.end(), [&](const PortInfo& port) { return port.name == name; });
  return found == ports.end() ? nullptr : &*found;
}

/// Takes NAME= off the front of an option's value: the input of that name, or null where it begins with none.
const PortInfo* take_name(const std::vector<PortInfo>& ports, std::string& value) {
  const PortInfo* longest = nullptr;  // names may hold '=' themselves
  for (const PortInfo& port : ports)
    if (value.starts_with(port.name + "=") && (longest == nullptr || port.name.size() > longest->name.size()))
      longest = &port;
  if (longest != nullptr) value.erase(0, longest->name.size() + 1);
  return longest;
}

/// Fills the readers of a model's inputs from files.
class Opener {
 public:
  Opener(const std::vector<PortInfo>& ports, const InputOptions& options)
      : ports_(ports), options_(options), readers_(ports.size()) {}

  /// Opens FILE or NAME=FILE.
  void open(std::string value) {
    const PortInfo* port = take_name(ports_, value);
    if (port == nullptr && value.find('=') != std::string::npos && !std::filesystem::exists(value))
      give_up(bad_input, "the model has no input '{}'; it has {}", value.substr(0, value.find('=')),
              quoted_names(ports_));
    if (value == "-" && std::exchange(standard_input_, true))
      give_up(usage, "-i: standard input can be read only once");
    ByteSource source = ByteSource::open(value);
    const Format format = format_of(value, source);
    if (format == Format::npz) return open_npz(port, std::move(source), value);
    if (format == Format::json) return open_json(port, source);
    if (port == nullptr) port = next_port(source.name());
    switch (format) {
      case Format::npy: return set(*port, formats::read_npy(std::move(source), *port), value);
      case Format::csv: return set(*port, formats::read_csv(std::move(source), *port, header()), value);
      default: return set(*port, formats::read_tensor(fitted(*port, load_pb(source, value), source.name())), value);
    }
  }

  Readers finish() { return std::move(readers_); }
  bool given(const PortInfo& port) const { return readers_[index(port)] != nullptr; }
  void set(const PortInfo& port, std::unique_ptr<formats::Reader> reader, const std::string& where) {
    if (given(port)) give_up(bad_input, "{}: input '{}' is given twice", where, port.name);
    readers_[index(port)] = std::move(reader);
  }

 private:
  std::size_t index(const PortInfo& port) const { return static_cast<std::size_t>(&port - ports_.data()); }

  /// The first input that nothing gives yet.
  const PortInfo* next_port(const std::string& file) const {
    for (const PortInfo& port : ports_)
      if (!given(port)) return &port;
    give_up(bad_input, "{}: no input of the model is left for it: it has {}", file,
            ports_.empty() ? "none" : quoted_names(ports_));
  }

  Format format_of(const std::string& path, ByteSource& source) const {
    if (!options_.format.empty()) return *formats::format_named(options_.format);
    const auto told = path == "-" ? std::nullopt : formats::format_of_extension(path);
    return told && *told != Format::text ? *told : formats::sniff(source);
  }

  formats::CsvHeader header() const {
    if (options_.csv_header == "auto") return formats::CsvHeader::detect;
    return options_.csv_header == "yes" ? formats::CsvHeader::yes : formats::CsvHeader::no;
  }

  static Tensor load_pb(ByteSource& source, const std::string& path) {
    if (path != "-") return loader::load_tensor(path);
    const std::string bytes = source.read_all();
    try {
      return loader::parse_tensor(std::as_bytes(std::span(bytes.data(), bytes.size()))).tensor;
    } catch (const Error& error) {
      throw error.within(source.name());
    }
  }

  static Tensor fitted(const PortInfo& port, const Tensor& tensor, const std::string& file) {
    try {
      return formats::fitted(port, tensor);
    } catch (const Error& error) {
      throw error.within(file);
    }
  }

  /// The inputs that the named parts of one file are for: by name where all names are inputs, by position where none
  /// is.
  std::vector<const PortInfo*> match(const std::vector<std::string>& names, const std::string& file) const {
    std::vector<const PortInfo*> found;
    for (const std::string& name : names) found.push_back(find(ports_, name));
    const auto unknown = std::find(found.begin(), found.end(), nullptr);
    if (unknown == found.end()) return found;
    const bool none = std::all_of(found.begin(), found.end(), [](const PortInfo* port) { return port == nullptr; });
    std::vector<const PortInfo*> open;
    for (const PortInfo& port : ports_)
      if (!given(port)) open.push_back(&port);
    if (!none || names.size() > open.size())
      give_up(bad_input, "{}: '{}' is not an input of the model; it has {}", file,
              names[static_cast<std::size_t>(unknown - found.begin())], quoted_names(ports_));
    open.resize(names.size());
    return open;
  }

  void open_npz(const PortInfo* port, ByteSource source, const std::string& path) {
    const std::string file = source.name();
    auto members = formats::npz_members(std::move(source), path);
    if (port != nullptr && members.size() != 1)
      give_up(bad_input, "{}: expected one array for input '{}', got {}", file, port->name, members.size());
    std::vector<std::string> names;
    for (const auto& member : members) names.push_back(member.first);
    const auto matched = port != nullptr ? std::vector<const PortInfo*>{port} : match(names, file);
    for (std::size_t i = 0; i < members.size(); ++i)
      set(*matched[i], formats::read_npy(std::move(members[i].second), *matched[i]), file);
  }

  void open_json(const PortInfo* port, ByteSource& source) {
    const auto tensors = formats::read_json(source);
    std::vector<std::string> names;
    for (const auto& [name, tensor] : tensors) names.push_back(name);
    const bool unnamed = names.size() == 1 && names[0].empty();
    if (port != nullptr && names.size() != 1)
      give_up(bad_input, "{}: expected one list for input '{}', got {}", source.name(), port->name, names.size());
    if (port == nullptr && unnamed) port = next_port(source.name());
    const auto matched = port != nullptr ? std::vector<const PortInfo*>{port} : match(names, source.name());
    for (std::size_t i = 0; i < matched.size(); ++i)
      set(*matched[i], formats::read_tensor(fitted(*matched[i], tensors[i].second, source.name())), source.name());
  }

  const std::vector<PortInfo>& ports_;
  const InputOptions& options_;
  Readers readers_;
  bool standard_input_ = false;
};

/// A reader of random_tensor(port, shape, seed).
std::unique_ptr<formats::Reader> made_up(const PortInfo& port, const Shape& shape, std::uint64_t seed) {
  try {
    return formats::read_tensor(random_tensor(port, shape, seed));
  } catch (const Error& error) {
    throw error.within(fmt::format("--random: input '{}'", port.name));
  }
}

/// The shapes that --shape gives, by input.
std::map<std::string, Shape> given_shapes(const std::vector<PortInfo>& ports, const std::vector<std::string>& values) {
  std::map<std::string, Shape> shapes;
  for (std::string value : values) {
    const PortInfo* port = take_name(ports, value);
    if (port == nullptr && value.find('=') != std::string::npos)
      give_up(usage, "--shape: the model has no input '{}'; it has {}", value.substr(0, value.find('=')),
              quoted_names(ports));
    if (port == nullptr && ports.size() != 1)
      give_up(usage, "--shape {}: expected NAME={}, the model has {} inputs: {}", value, value, ports.size(),
              quoted_names(ports));
    if (port == nullptr) port = &ports[0];
    const Shape shape = parse_shape(value);
    try {
      formats::check_shape(*port, shape, false);
    } catch (const Error& error) {
      give_up(usage, "--shape {}: {}", value, error.what());
    }
    if (!shapes.emplace(port->name, shape).second) give_up(usage, "--shape: input '{}' is given twice", port->name);
  }
  return shapes;
}

/// With `batch` for a first size that is left open, 1 for others.
Shape declared_shape(const PortInfo& port, std::int64_t batch = 1) {
  if (!port.ranked)
    give_up(usage, "the model does not tell the rank of input '{}'; give --shape {}=...", port.name, port.name);
  Shape shape;
  for (const DimensionInfo& dim : port.dimensions)
    shape.push_back(dim.size >= 0 ? dim.size : shape.empty() ? batch : 1);
  return shape;
}

}  // namespace

std::vector<Option> input_options(InputOptions& options) {
  return {
      {"-i,--input", &options.files, "[NAME=]FILE of an input; - is standard input"},
      {"--input-format", &options.format, "Of the inputs; else by extension or content",
       one_of({"csv", "json", "npy", "npz", "pb"})},
      {"--csv-header", &options.csv_header, "Whether .csv inputs begin with a header", one_of({"auto", "yes", "no"})},
      {"--random", &options.random, "Make up missing inputs, uniform in [-3, 3]"},
      {"--seed", &options.seed, "For --random (default 0)", number_from<std::uint64_t>(0)},
      {"--shape", &options.shapes, "[NAME=]2x8: of a made-up input; unknown sizes are 1 else"}};
}

std::optional<double> progress(const Readers& readers) {
  for (const auto& reader : readers)
    if (reader != nullptr)
      if (const auto part = reader->progress()) return part;
  return std::nullopt;
}

Shape parse_shape(const std::string& text) {
  Shape shape;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::int64_t dim = 0;
    const auto [after, error] = std::from_chars(at, end, dim);
    const bool separated = after == end || (*after == 'x' && after + 1 != end);
    if (error != std::errc() || dim < 0 || !separated || shape.rank() == Shape::max_rank)
      give_up(usage, "--shape {}: expected at most {} sizes with x between them, 2x8 for instance", text,
              Shape::max_rank);
    shape.push_back(dim);
    at = after == end ? end : after + 1;
  }
  return shape;
}

Tensor random_tensor(const PortInfo& port, const Shape& shape, std::uint64_t seed) {
  Tensor tensor(port.type, shape);
  if (!formats::convertible(port.type, DataType::float32))
    give_up(usage, "cannot make up elements of type {} for input '{}'", name(port.type), port.name);
  std::mt19937_64 random(seed);
  const bool real = FloatTypes::set.contains(port.type);
  const std::uint64_t range = port.type == DataType::boolean ? 2 : 4;
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    const std::uint64_t bits = random();
    formats::Number number = static_cast<double>(bits >> 11) * 0x1p-53 * 6 - 3;
    if (!real) number = bits % range;
    formats::store(number, port.type, tensor.mutable_data(), i);
  }
  return tensor;
}

std::vector<std::optional<Shape>> input_shapes(const std::vector<PortInfo>& ports,
                                               const std::vector<std::string>& shapes, std::int64_t batch) {
  const auto given = given_shapes(ports, shapes);
  std::vector<std::optional<Shape>> result(ports.size());
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const auto shape = given.find(ports[i].name);
    if (shape == given.end() && ports[i].optional) continue;
    result[i] = shape != given.end() ? shape->second : declared_shape(ports[i], batch);
  }
  return result;
}

std::vector<Tensor> random_inputs(const std::vector<PortInfo>& ports, const std::vector<std::string>& shapes,
                                  std::optional<std::int64_t> batch) {
  const auto sizes = input_shapes(ports, shapes, batch.value_or(1));
  const auto takes_batch = [&](const std::optional<Shape>& shape) {
    return shape && !shape->empty() && (*shape)[0] == *batch;
  };
  if (batch && std::none_of(sizes.begin(), sizes.end(), takes_batch))
    give_up(usage, "--batch {}: no input has a first dimension of that size or of an open one", *batch);
  std::vector<Tensor> inputs(ports.size());
  for (std::size_t i = 0; i < ports.size(); ++i)
    if (sizes[i]) inputs[i] = random_tensor(ports[i], *sizes[i], i);
  return inputs;
}

std::vector<std::pair<std::string, Shape>> named_shapes(const std::vector<PortInfo>& ports,
                                                        const std::vector<Tensor>& inputs) {
  std::vector<std::pair<std::string, Shape>> result;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].defined()) result.emplace_back(ports[i].name, inputs[i].shape());
  return result;
}

Readers open_inputs(const std::vector<PortInfo>& ports, const InputOptions& options) {
  if (!options.shapes.empty() && !options.random) give_up(usage, "--shape goes with --random only");
  Opener opener(ports, options);
  std::vector<std::string> files = options.files;
  std::stable_partition(files.begin(), files.end(),
                        [&](std::string value) { return take_name(ports, value) != nullptr; });
  for (const std::string& file : files) opener.open(file);  // those without a name take the inputs that are left
  const auto shapes = given_shapes(ports, options.shapes);
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const PortInfo& port = ports[i];
    const auto shape = shapes.find(port.name);
    if (opener.given(port)) {
      if (shape != shapes.end()) give_up(usage, "--shape: input '{}' is read from a file", port.name);
    } else if (options.random && (!port.optional || shape != shapes.end())) {
      opener.set(port, made_up(port, shape != shapes.end() ? shape->second : declared_shape(port), options.seed + i),
                 "--random");
    } else if (!port.optional) {
      missing.push_back("'" + port.name + "'");
    }
  }
  if (!missing.empty())
    give_up(usage, "no data for input {}: give it with -i, or make it up with --random", fmt::join(missing, ", "));
  return opener.finish();
}

}  // namespace ranvier::tools
