/* Classifies a handwritten digit. */
#include <stdio.h>

#include "ranvier/c_api.h"

int main(void) {
  const char* picture =
      "...##..."
      "..####.."
      ".##..##."
      ".##..##."
      ".##..##."
      ".##..##."
      "..####.."
      "...##...";
  float pixels[64], scores[10];
  for (int i = 0; i < 64; ++i) pixels[i] = picture[i] == '#' ? 1.0f : 0.0f;

  const ranvier_input input = {RANVIER_FLOAT32, {2, {1, 64}}, pixels, sizeof pixels};
  const ranvier_output output = {RANVIER_FLOAT32, {2, {1, 10}}, scores, sizeof scores};
  ranvier_model* model = NULL;
  ranvier_session* session = NULL;
  if (ranvier_model_load("models/digits_mlp/model.onnx", NULL, &model) != RANVIER_OK ||
      ranvier_session_create(model, NULL, &session) != RANVIER_OK ||
      ranvier_session_run_into(session, &input, 1, &output, 1) != RANVIER_OK)
    fprintf(stderr, "%s\n", ranvier_last_error());
  else
    for (int digit = 0; digit < 10; ++digit)
      if (scores[digit] > 0.5f) printf("it is a %d\n", digit);
  ranvier_session_destroy(session);
  ranvier_model_destroy(model);
}
