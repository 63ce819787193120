/* The C interface of Ranvier: C11, C++, and whatever calls C. It needs no other header of Ranvier.
 *
 *     ranvier_model* model = NULL;
 *     ranvier_session* session = NULL;
 *     float pixels[64] = {...}, scores[10];
 *     ranvier_input input = {RANVIER_FLOAT32, {2, {1, 64}}, pixels, sizeof pixels};
 *     ranvier_output output = {RANVIER_FLOAT32, {2, {1, 10}}, scores, sizeof scores};
 *     if (ranvier_model_load("digits.onnx", NULL, &model) != RANVIER_OK ||
 *         ranvier_session_create(model, NULL, &session) != RANVIER_OK ||
 *         ranvier_session_run_into(session, &input, 1, &output, 1) != RANVIER_OK)
 *       fprintf(stderr, "%s\n", ranvier_last_error());
 *     ranvier_session_destroy(session);
 *     ranvier_model_destroy(model);
 *
 * Errors. Whatever can fail returns a ranvier_status, and RANVIER_OK where it did not. Why it did is in
 * ranvier_last_error(). No exception leaves a function. What a function fills in is left untouched where it fails,
 * except for handles, which are NULL then.
 *
 * Handles. A ranvier_model, ranvier_session, ranvier_binding or ranvier_tensor is made by one function and belongs to
 * the caller, who gives it to the ..._destroy() of its kind once. They may be destroyed in any order: a session keeps
 * what it needs of its model, a binding what it needs of its session. A handle that was destroyed, is of another kind,
 * or is a pointer to something else, is noticed at no risk, and RANVIER_INVALID_ARGUMENT; it must not be dereferenced,
 * for it is no address. Two threads must not use a handle while one of them destroys it.
 *
 * Threads. Everything may be called from many threads at once, also with the same handle, but for a ranvier_binding,
 * which one thread at a time may run. Any number of bindings run at the same time.
 *
 * Growth. Within a major version (within a minor one before 1.0) functions, values and fields are only added. Structs
 * that may grow begin with `struct_size`, which the caller sets to sizeof of it; a field that is zero, or not there yet
 * where the caller was compiled, has its default. All other structs stay as they are.
 *
 * dlopen. The shared library exports these functions by the names that they have here, and needs none of them to be
 * called first:
 *
 *     __typeof__(ranvier_version)* version = (__typeof__(ranvier_version)*)dlsym(library, "ranvier_version");
 */
#ifndef RANVIER_C_API_H_
#define RANVIER_C_API_H_

#include <stddef.h>
#include <stdint.h>

#ifndef RANVIER_EXPORT
#define RANVIER_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
#define RANVIER_NOEXCEPT noexcept
extern "C" {
#else
#define RANVIER_NOEXCEPT
#endif

/* ---- Version ---------------------------------------------------------------------------------------------------- */

/* The version of this header. ranvier_version() is that of the library, which may be another at run time. */
#define RANVIER_VERSION_MAJOR 0
#define RANVIER_VERSION_MINOR 1
#define RANVIER_VERSION_PATCH 0
#define RANVIER_VERSION (RANVIER_VERSION_MAJOR * 1000000 + RANVIER_VERSION_MINOR * 1000 + RANVIER_VERSION_PATCH)

/* The version of the library as a number, to be compared with RANVIER_VERSION. */
RANVIER_EXPORT uint32_t ranvier_version(void) RANVIER_NOEXCEPT;

/* The same as text, "0.1.0"; it is there for ever. */
RANVIER_EXPORT const char* ranvier_version_text(void) RANVIER_NOEXCEPT;

/* ---- Errors ----------------------------------------------------------------------------------------------------- */

/* Whose fault an error is. Versions to come may add values. */
typedef int32_t ranvier_status;
enum {
  RANVIER_OK = 0,
  RANVIER_INVALID_MODEL = 1,    /* The file is not a valid ONNX model, or contradicts itself. */
  RANVIER_UNSUPPORTED = 2,      /* The model is valid, but asks for something that Ranvier does not do. */
  RANVIER_INVALID_ARGUMENT = 3, /* The caller passed a wrong handle, pointer, name, type, shape, size or option. */
  RANVIER_IO = 4,               /* A file could not be opened or read. */
  RANVIER_OUT_OF_MEMORY = 5,    /* A buffer would exceed the memory there is, or the session's limit. */
  RANVIER_INTERNAL = 6,         /* A bug in Ranvier. */
  RANVIER_SELF_TEST = 9         /* A model computes something else than the test data beside its file. */
};

/* The name of a status, "invalid_argument" say, or "unknown"; it is there for ever. */
RANVIER_EXPORT const char* ranvier_status_name(ranvier_status status) RANVIER_NOEXCEPT;

/* What the last call on this thread that failed had to say: UTF-8 text that goes from the file to the node to the
 * attribute or dimension, with what was expected and what was found. Empty where none has failed; never NULL.
 *
 * The text is Ranvier's and this thread's: nothing is to be freed, no other thread can change it, and it stays as it is
 * until the next call on this thread that fails, or the thread's end. Copy it to keep it. */
RANVIER_EXPORT const char* ranvier_last_error(void) RANVIER_NOEXCEPT;

/* ---- Types and shapes ------------------------------------------------------------------------------------------- */

/* The element types of ONNX, with the numbers of onnx.TensorProto.DataType, and how elements are stored. */
typedef int32_t ranvier_type;
enum {
  RANVIER_UNDEFINED = 0,
  RANVIER_FLOAT32 = 1,
  RANVIER_UINT8 = 2,
  RANVIER_INT8 = 3,
  RANVIER_UINT16 = 4,
  RANVIER_INT16 = 5,
  RANVIER_INT32 = 6,
  RANVIER_INT64 = 7,
  RANVIER_STRING = 8,   /* const char*, to UTF-8 text that ends with a zero byte */
  RANVIER_BOOLEAN = 9,  /* one byte, 0 or 1 */
  RANVIER_FLOAT16 = 10, /* the bits of an IEEE 754 binary16 */
  RANVIER_FLOAT64 = 11,
  RANVIER_UINT32 = 12,
  RANVIER_UINT64 = 13,
  RANVIER_COMPLEX64 = 14,  /* two floats: the real and the imaginary part */
  RANVIER_COMPLEX128 = 15, /* two doubles */
  RANVIER_BFLOAT16 = 16,   /* the upper half of a float's bits */
  RANVIER_FLOAT8E4M3FN = 17,
  RANVIER_FLOAT8E4M3FNUZ = 18,
  RANVIER_FLOAT8E5M2 = 19,
  RANVIER_FLOAT8E5M2FNUZ = 20,
  RANVIER_UINT4 = 21, /* two in a byte, the first in its lower bits */
  RANVIER_INT4 = 22,
  RANVIER_FLOAT4E2M1 = 23,
  RANVIER_FLOAT8E8M0 = 24,
  RANVIER_UINT2 = 25, /* four in a byte, the first in its lowest bits */
  RANVIER_INT2 = 26
};

/* The name of a type as ONNX' documentation has it, "float" say, or "unknown"; it is there for ever. */
RANVIER_EXPORT const char* ranvier_type_name(ranvier_type type) RANVIER_NOEXCEPT;

#define RANVIER_MAX_RANK 16

/* The sizes of a tensor's dimensions, outermost first: {2, {3, 64}} has 3 rows of 64, {0} is the shape of a scalar. */
typedef struct ranvier_shape {
  size_t rank; /* at most RANVIER_MAX_RANK */
  int64_t dims[RANVIER_MAX_RANK];
} ranvier_shape;

/* Sets *bytes to what elements of that type and shape take, one after the other, row by row.
 * RANVIER_INVALID_ARGUMENT for what is no type or shape, RANVIER_OUT_OF_MEMORY where the number does not fit. */
RANVIER_EXPORT ranvier_status ranvier_byte_size(ranvier_type type, const ranvier_shape* shape,
                                                size_t* bytes) RANVIER_NOEXCEPT;

/* Elements to read: an input. They lie one after the other, row by row, at an address that suits their type, and have
 * to stay as they are until the call returns. All zero stands for an optional input that is left at its default. */
typedef struct ranvier_input {
  ranvier_type type;
  ranvier_shape shape;
  const void* data; /* may be NULL where there are no elements */
  size_t bytes;     /* the size of `data`: exactly ranvier_byte_size() */
} ranvier_input;

/* Memory to write to: an output. The type and shape have to be those that the model gives for the inputs, as
 * ranvier_session_output_shapes() tells. Must not overlap an input or another output. */
typedef struct ranvier_output {
  ranvier_type type;
  ranvier_shape shape;
  void* data;
  size_t bytes; /* exactly ranvier_byte_size() */
} ranvier_output;

/* ---- Model ------------------------------------------------------------------------------------------------------ */

/* A loaded, verified and optimized graph with its weights. It never changes. */
typedef struct ranvier_model ranvier_model;

/* How to load a model. `ranvier_model_options options = {.struct_size = sizeof options};` is the default. */
typedef struct ranvier_model_options {
  size_t struct_size;
  int32_t unoptimized; /* not 0: keep the graph as the file has it */
  int32_t strict_onnx; /* not 0: exactly the arithmetic that the file spells out, also where it gives NaN */
  /* For ranvier_model_parse(): the folder with the model's external data. NULL: there must be none. */
  const char* external_data_folder;
  size_t node_limit;   /* a model with more nodes is refused; 0: 1,000,000 */
  size_t memory_limit; /* a model whose file, or whose constants, take more bytes is refused; 0: no limit */
  int32_t
      self_test; /* not 0, for ranvier_model_load(): runs the model on each test_data_set_N beside it, and compares */
  int32_t reserved; /* 0 */
  /* Inner values that become outputs, too, after the model's own, by their names in the file; also what is fused away.
   */
  const char* const* taps;
  size_t tap_count;
} ranvier_model_options;

/* Reads an ONNX file; external data has to lie in its folder. `path` is UTF-8; options may be NULL.
 * RANVIER_IO, RANVIER_INVALID_MODEL, RANVIER_OUT_OF_MEMORY; RANVIER_UNSUPPORTED with everything that is, at once;
 * RANVIER_INVALID_ARGUMENT for options that do not fit the model, RANVIER_SELF_TEST. */
RANVIER_EXPORT ranvier_status ranvier_model_load(const char* path, const ranvier_model_options* options,
                                                 ranvier_model** model) RANVIER_NOEXCEPT;

/* Reads a model of `size` bytes from memory, which is not needed afterwards. Fails as ranvier_model_load() does. */
RANVIER_EXPORT ranvier_status ranvier_model_parse(const void* bytes, size_t size, const ranvier_model_options* options,
                                                  ranvier_model** model) RANVIER_NOEXCEPT;

/* NULL is no error. */
RANVIER_EXPORT ranvier_status ranvier_model_destroy(ranvier_model* model) RANVIER_NOEXCEPT;

/* An input or output of a model. What it points to stays until the model is destroyed. */
typedef struct ranvier_port {
  size_t struct_size;
  const char* name;
  ranvier_type type;                     /* RANVIER_UNDEFINED for an output where the file does not say */
  int32_t ranked;                        /* 0: the file does not even tell the number of dimensions */
  ranvier_shape shape;                   /* a size of -1 is known only from the inputs' shapes */
  const char* symbols[RANVIER_MAX_RANK]; /* the names of such sizes, "batch" say; "" where there is none */
  int32_t optional;                      /* not 0: an input with a default, which need not be given */
} ranvier_port;

/* How many inputs or outputs there are. */
RANVIER_EXPORT ranvier_status ranvier_model_input_count(const ranvier_model* model, size_t* count) RANVIER_NOEXCEPT;
RANVIER_EXPORT ranvier_status ranvier_model_output_count(const ranvier_model* model, size_t* count) RANVIER_NOEXCEPT;

/* Fills in *port, whose struct_size the caller has set, for the input or output at `index` in the file's order. */
RANVIER_EXPORT ranvier_status ranvier_model_input(const ranvier_model* model, size_t index,
                                                  ranvier_port* port) RANVIER_NOEXCEPT;
RANVIER_EXPORT ranvier_status ranvier_model_output(const ranvier_model* model, size_t index,
                                                   ranvier_port* port) RANVIER_NOEXCEPT;

/* Sets *index to the place of the input or output of that name; where there is none, the message has those there are.
 */
RANVIER_EXPORT ranvier_status ranvier_model_find_input(const ranvier_model* model, const char* name,
                                                       size_t* index) RANVIER_NOEXCEPT;
RANVIER_EXPORT ranvier_status ranvier_model_find_output(const ranvier_model* model, const char* name,
                                                        size_t* index) RANVIER_NOEXCEPT;

/* ---- Session ---------------------------------------------------------------------------------------------------- */

/* A model, options, and a small cache of plans for the shapes that it has met. */
typedef struct ranvier_session ranvier_session;

/* How to run a model. `ranvier_session_options options = {.struct_size = sizeof options};` is the default. */
typedef struct ranvier_session_options {
  size_t struct_size;
  int32_t threads;     /* for one run, the caller's included; 0: as many as the process may use. At most 1024. */
  int32_t reference;   /* not 0: compute every node plainly, one by one: slow, and the measure of everything else */
  size_t plans;        /* how many plans are kept, one for each set of input shapes; 0: 8 */
  size_t memory_limit; /* the bytes of working memory that a run may use, weights aside; 0: what the machine has */
} ranvier_session_options;

/* options may be NULL. RANVIER_INVALID_ARGUMENT for options out of range. */
RANVIER_EXPORT ranvier_status ranvier_session_create(const ranvier_model* model, const ranvier_session_options* options,
                                                     ranvier_session** session) RANVIER_NOEXCEPT;

/* NULL is no error. */
RANVIER_EXPORT ranvier_status ranvier_session_destroy(ranvier_session* session) RANVIER_NOEXCEPT;

/* Sets output_shapes[0 .. output_count - 1] to the shapes of all outputs for inputs of these shapes; optional inputs at
 * the end may be left out. RANVIER_INVALID_ARGUMENT where a number or shape is not the model's, RANVIER_UNSUPPORTED
 * where a shape depends on the inputs' elements. */
RANVIER_EXPORT ranvier_status ranvier_session_output_shapes(const ranvier_session* session,
                                                            const ranvier_shape* input_shapes, size_t input_count,
                                                            ranvier_shape* output_shapes,
                                                            size_t output_count) RANVIER_NOEXCEPT;

/* Elements that Ranvier owns: an output of ranvier_session_run(). They never change. */
typedef struct ranvier_tensor ranvier_tensor;

/* Runs on inputs in the model's order; optional ones at the end may be left out. Sets outputs[0 .. output_count - 1],
 * as many as the model has, to new tensors, each for the caller to destroy; all to NULL where it fails.
 * RANVIER_INVALID_ARGUMENT where an input's number, type, shape, size or elements are wrong; RANVIER_UNSUPPORTED,
 * RANVIER_OUT_OF_MEMORY. */
RANVIER_EXPORT ranvier_status ranvier_session_run(const ranvier_session* session, const ranvier_input* inputs,
                                                  size_t input_count, ranvier_tensor** outputs,
                                                  size_t output_count) RANVIER_NOEXCEPT;

/* The same into the caller's memory, to which the outputs are copied; a binding writes them there at once. Fails as
 * ranvier_session_run() does, and with RANVIER_INVALID_ARGUMENT where the type, shape or size of an output is wrong,
 * also for strings, which are Ranvier's: only ranvier_session_run() returns them. */
RANVIER_EXPORT ranvier_status ranvier_session_run_into(const ranvier_session* session, const ranvier_input* inputs,
                                                       size_t input_count, const ranvier_output* outputs,
                                                       size_t output_count) RANVIER_NOEXCEPT;

/* ---- Tensor ----------------------------------------------------------------------------------------------------- */

/* Describes the tensor in *view: its type, shape and elements, which stay until it is destroyed. The view can be an
 * input of another run. */
RANVIER_EXPORT ranvier_status ranvier_tensor_view(const ranvier_tensor* tensor, ranvier_input* view) RANVIER_NOEXCEPT;

/* NULL is no error. */
RANVIER_EXPORT ranvier_status ranvier_tensor_destroy(ranvier_tensor* tensor) RANVIER_NOEXCEPT;

/* ---- Binding ---------------------------------------------------------------------------------------------------- */

/* A session with its inputs' shapes fixed and its buffers bound, for calls that cost nothing but the arithmetic. */
typedef struct ranvier_binding ranvier_binding;

/* Fixes shapes and buffers, which have to stay until the binding is destroyed; each run reads what the inputs hold
 * then. Fails as ranvier_session_run_into() does, with RANVIER_UNSUPPORTED where an output's shape depends on the
 * inputs' elements, and with RANVIER_INVALID_ARGUMENT for inputs that are strings, or where buffers overlap. */
RANVIER_EXPORT ranvier_status ranvier_session_bind(const ranvier_session* session, const ranvier_input* inputs,
                                                   size_t input_count, const ranvier_output* outputs,
                                                   size_t output_count, ranvier_binding** binding) RANVIER_NOEXCEPT;

/* Computes the outputs from what the inputs hold now. Allocates nothing, takes no lock, makes no system call.
 * RANVIER_INVALID_ARGUMENT where an element was wrong (an index out of range, say); the outputs are undefined then. */
RANVIER_EXPORT ranvier_status ranvier_binding_run(ranvier_binding* binding) RANVIER_NOEXCEPT;

/* NULL is no error. */
RANVIER_EXPORT ranvier_status ranvier_binding_destroy(ranvier_binding* binding) RANVIER_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#undef RANVIER_NOEXCEPT

#endif
