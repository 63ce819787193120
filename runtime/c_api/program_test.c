/* A C program as users write it: classifies the digits of a test set. usage: program_test FOLDER
 *
 * It is compiled as C11 with every warning, and checks that the interface is C, that it works linked and through dlopen
 * (where RANVIER_DLOPEN names the shared library), and that its numbers are those of Keras. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ranvier/c_api.h"

#ifdef RANVIER_DLOPEN
#include <dlfcn.h>
#define FOR_EACH_FUNCTION(F)                                                                                        \
  F(version)                                                                                                        \
  F(last_error)                                                                                                     \
  F(model_load)                                                                                                     \
  F(model_destroy) F(model_input) F(session_create) F(session_destroy) F(session_output_shapes) F(session_run_into) \
      F(session_bind) F(binding_run) F(binding_destroy)
#define DECLARE(name) static __typeof__(ranvier_##name)* name;
#define LOOK_UP(name)                       \
  found = dlsym(library, "ranvier_" #name); \
  memcpy(&name, &found, sizeof name);
FOR_EACH_FUNCTION(DECLARE)
static bool look_up(void) {
  void* library = dlopen(RANVIER_DLOPEN, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return false;
  }
  void* found = NULL;
  FOR_EACH_FUNCTION(LOOK_UP)
  return binding_destroy != NULL;
}
#define CALL(name) name
#else
static bool look_up(void) { return true; }
#define CALL(name) ranvier_##name
#endif

enum { rows = 4, pixels = 64, digits = 10 };

/* Stops the program where a call failed. */
static void expect(ranvier_status status) {
  if (status == RANVIER_OK) return;
  fprintf(stderr, "%d: %s\n", (int)status, CALL(last_error)());
  exit(1);
}

/* The first rows of digits_test.csv: a header, then 64 pixels and the label. */
static void read_rows(const char* folder, float x[rows][pixels], int labels[rows]) {
  char text[4096];
  snprintf(text, sizeof text, "%s/digits_test.csv", folder);
  FILE* file = fopen(text, "r");
  if (file == NULL || fgets(text, sizeof text, file) == NULL) exit(2);
  for (int row = 0; row < rows; ++row) {
    if (fgets(text, sizeof text, file) == NULL) exit(2);
    char* at = text;
    for (int i = 0; i < pixels; ++i, ++at) x[row][i] = strtof(at, &at);
    labels[row] = atoi(at);
  }
  fclose(file);
}

static int largest(const float* scores) {
  int best = 0;
  for (int i = 1; i < digits; ++i)
    if (scores[i] > scores[best]) best = i;
  return best;
}

int main(int count, char** arguments) {
  if (count != 2 || !look_up()) return 2;
  static float x[rows][pixels], y[rows][digits], z[rows][digits];
  int labels[rows];
  read_rows(arguments[1], x, labels);
  char path[4096];
  snprintf(path, sizeof path, "%s/model.onnx", arguments[1]);

  ranvier_model* model = NULL;
  ranvier_session* session = NULL;
  ranvier_binding* binding = NULL;
  const ranvier_model_options options = {.struct_size = sizeof options};
  const ranvier_session_options session_options = {.struct_size = sizeof session_options, .threads = 1};
  expect(CALL(model_load)(path, &options, &model));
  ranvier_port port = {.struct_size = sizeof port};
  expect(CALL(model_input)(model, 0, &port));
  expect(CALL(session_create)(model, &session_options, &session));

  const ranvier_input input = {RANVIER_FLOAT32, {2, {rows, pixels}}, x, sizeof x};
  ranvier_output output = {.type = RANVIER_FLOAT32, .data = y, .bytes = sizeof y};
  expect(CALL(session_output_shapes)(session, &input.shape, 1, &output.shape, 1));
  expect(CALL(session_run_into)(session, &input, 1, &output, 1));
  output.data = z;
  expect(CALL(session_bind)(session, &input, 1, &output, 1, &binding));
  expect(CALL(binding_run)(binding));

  int right = 0;
  for (int row = 0; row < rows; ++row) right += largest(y[row]) == labels[row];
  printf("%d of %d digits are right, input '%s', version %d\n", right, rows, port.name, (int)CALL(version)());
  expect(CALL(binding_destroy)(binding));
  expect(CALL(session_destroy)(session));
  expect(CALL(model_destroy)(model));
  return right == rows && memcmp(y, z, sizeof y) == 0 ? 0 : 1;
}
